import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSocketPath, type SharingKey } from '../../../src/adapters/sharing/socket-path.ts';

let runtime: string;
let kubeconfig: string;
let key: SharingKey;

beforeEach(() => {
  runtime = mkdtempSync(path.join(tmpdir(), 'share-'));
  kubeconfig = path.join(runtime, 'kubeconfig');
  writeFileSync(kubeconfig, 'one');
  key = {
    version: '1.0.0',
    workspace: 'dev',
    context: undefined,
    namespace: undefined,
    kubeconfigs: [kubeconfig],
    configFolder: '/home/me/.config/ws',
  };
});
afterEach(() => rmSync(runtime, { recursive: true, force: true }));

describe('the socket of a shared connection', () => {
  it('is the same for the same question, in a folder that is ours alone', () => {
    const socket = findSocketPath(key, runtime) ?? '';
    expect(findSocketPath({ ...key }, runtime)).toBe(socket);
    expect(statSync(path.dirname(socket)).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['workspace', { workspace: 'other' }],
    ['context', { context: 'other' }],
    ['namespace', { namespace: 'other' }],
    ['version', { version: '1.0.1' }],
    ['place of settings and known hosts', { configFolder: '/elsewhere' }],
    ['kubeconfig', { kubeconfigs: [] }],
  ])('is another one for another %s', (_what, change: Partial<SharingKey>) => {
    expect(findSocketPath({ ...key, ...change }, runtime)).not.toBe(findSocketPath(key, runtime));
  });

  it('is another one once the kubeconfig has changed: another context may be the current one', () => {
    const before = findSocketPath(key, runtime);
    writeFileSync(kubeconfig, 'two');
    utimesSync(kubeconfig, new Date(), new Date(Date.now() + 5000));
    expect(findSocketPath(key, runtime)).not.toBe(before);
  });

  it('is nowhere where others may enter', () => {
    const folder = path.join(runtime, 'ws');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    expect(findSocketPath(key, runtime)).toBeUndefined();
  });

  it('is nowhere where a link leads', () => {
    const real = path.join(runtime, 'real');
    mkdirSync(real, { mode: 0o700 });
    symlinkSync(real, path.join(runtime, 'ws'));
    expect(findSocketPath(key, runtime)).toBeUndefined();
  });

  it('is nowhere where its path is too long for the system', () => {
    expect(findSocketPath(key, path.join(runtime, 'x'.repeat(100)))).toBeUndefined();
  });
});
