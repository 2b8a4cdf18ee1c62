import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSocketPath, type HeldConnectionKey } from '../../../src/adapters/held-connection/socket-path.ts';

let runtime: string;
let temporary: string;
let kubeconfig: string;
let key: HeldConnectionKey;

beforeEach(() => {
  runtime = mkdtempSync(path.join(tmpdir(), 'share-'));
  // Nothing can be made in it: the runtime folder alone counts, unless a test says otherwise.
  temporary = path.join(runtime, 'kubeconfig');
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

const find = (wanted = key, folder: string | undefined = runtime) =>
  findSocketPath(wanted, { runtime: folder, temporary });

describe('the socket of a shared connection', () => {
  it('is the same for the same question, in a folder that is ours alone', () => {
    const socket = find() ?? '';
    expect(find({ ...key })).toBe(socket);
    expect(statSync(path.dirname(socket)).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['workspace', { workspace: 'other' }],
    ['context', { context: 'other' }],
    ['namespace', { namespace: 'other' }],
    ['version', { version: '1.0.1' }],
    ['place of settings and known hosts', { configFolder: '/elsewhere' }],
    ['kubeconfig', { kubeconfigs: [] }],
  ])('is another one for another %s', (_what, change: Partial<HeldConnectionKey>) => {
    expect(find({ ...key, ...change })).not.toBe(find());
  });

  it('is another one once the kubeconfig has changed: another context may be the current one', () => {
    const before = find();
    writeFileSync(kubeconfig, 'two');
    utimesSync(kubeconfig, new Date(), new Date(Date.now() + 5000));
    expect(find()).not.toBe(before);
  });

  it('is nowhere where others may enter', () => {
    const folder = path.join(runtime, 'ws');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    expect(find()).toBeUndefined();
  });

  it('is nowhere where a link leads', () => {
    const real = path.join(runtime, 'real');
    mkdirSync(real, { mode: 0o700 });
    symlinkSync(real, path.join(runtime, 'ws'));
    expect(find()).toBeUndefined();
  });

  it('is nowhere where its path is too long for the system', () => {
    expect(find(key, path.join(runtime, 'x'.repeat(100)))).toBeUndefined();
  });

  it.each([
    ['there is none', () => undefined],
    ['it is deep', () => path.join(runtime, 'x'.repeat(100))],
    ['others may enter it', () => makeOpen(path.join(runtime, 'open'))],
    ['it cannot be made', () => '/proc/nobody'],
  ])('is among what is temporary, under the UID, where of a runtime folder %s', (_why, toRuntime) => {
    temporary = mkdtempSync(path.join(tmpdir(), 'tmp-'));
    try {
      const socket = findSocketPath(key, { runtime: toRuntime(), temporary }) ?? '';
      expect(path.dirname(socket)).toBe(path.join(temporary, `ws-${process.getuid?.()}`));
    } finally {
      rmSync(temporary, { recursive: true });
    }
  });
});

function makeOpen(folder: string): string {
  mkdirSync(path.join(folder, 'ws'), { recursive: true });
  chmodSync(path.join(folder, 'ws'), 0o755);
  return folder;
}
