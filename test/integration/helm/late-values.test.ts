import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openHelm } from '../../../src/adapters/helm/releases.ts';

const NEVER = new AbortController().signal;
const OPTIONS = { valuesFiles: [], createNamespace: false, after: 0 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-helm-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/**
 * A program in Helm's place: writes down how it was called and all of its stdin, and answers as an installation does.
 */
function open(script = '') {
  const program = path.join(folder, 'helm');
  writeFileSync(
    program,
    `#!/bin/sh\ncd ${folder}\necho "$*" >> calls\n${script}\necho $$ > running\ncat > part && mv part input\necho '{"version": 1}'\n`,
  );
  chmodSync(program, 0o755);
  return openHelm({ environment: process.env, chartPath: '/chart', namespace: 'team', helm: program });
}

const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
const calls = () => read('calls').trim().split('\n');
const isRunning = () => vi.waitFor(() => expect(existsSync(path.join(folder, 'running'))).toBe(true), 60_000);

describe('values that come later', () => {
  it('reach a Helm that runs by then, whole', async () => {
    const { promise, resolve } = Promise.withResolvers<object>();
    const applying = open().apply('ws-dev', promise, OPTIONS, NEVER);
    await isRunning();
    expect(existsSync(path.join(folder, 'input'))).toBe(false);
    resolve({ workspace: 'dev', home: { type: 'claim' } });
    expect(await applying).toEqual({ revision: 1, change: 'installed' });
    expect(JSON.parse(read('input'))).toEqual({ workspace: 'dev', home: { type: 'claim' } });
    expect(calls()).toHaveLength(1);
  });

  it('are not waited for by a Helm that cannot do its work', async () => {
    const releases = open("echo 'Error: kubernetes cluster unreachable: connection refused' >&2; exit 1");
    const applying = releases.apply('ws-dev', new Promise<object>(() => undefined), OPTIONS, NEVER);
    await expect(applying).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
  });

  it('that are none are nothing: an empty object', async () => {
    await open().apply('ws-dev', {}, OPTIONS, NEVER);
    expect(read('input')).toBe('{}');
  });

  it('that do not come end a Helm that has not read its input to the end', async () => {
    const { promise, reject } = Promise.withResolvers<object>();
    const applying = open().apply('ws-dev', promise, OPTIONS, NEVER);
    applying.catch(() => undefined);
    await isRunning();
    await vi.waitFor(() => expect(read('part')).toBe('{'), 60_000);
    const reason = new Error('no permission');
    reject(reason);
    await expect(applying).rejects.toBe(reason);
    expect(() => process.kill(Number(read('running')), 0)).toThrow();
    expect(existsSync(path.join(folder, 'input'))).toBe(false);
    // What came is no document by itself, should Helm outlive us.
    expect(read('part')).toBe('{');
  });
});

describe('a Helm that is older than the newest', () => {
  const older = (version: string) =>
    `case "$*" in version*) echo ${version}; exit;; *--server-side*) echo 'Error: unknown flag: --server-side' >&2; exit 1;; esac`;

  it('says so by a flag, and is asked for its version and called in its own way', async () => {
    const releases = open(older('v3.18.0'));
    expect(await releases.apply('ws-dev', Promise.resolve({ a: 1 }), OPTIONS, NEVER)).toMatchObject({ revision: 1 });
    await releases.apply('ws-dev', { a: 1 }, OPTIONS, NEVER);
    expect(calls().map((call) => call.split(' ')[0])).toEqual(['upgrade', 'version', 'upgrade', 'upgrade']);
    expect(JSON.parse(read('input'))).toEqual({ a: 1 });
  });

  it('too old to work with is refused', async () => {
    const applying = open(older('v3.13.3')).apply('ws-dev', { a: 1 }, OPTIONS, NEVER);
    await expect(applying).rejects.toMatchObject({ code: 'HELM_TOO_OLD' });
    expect(existsSync(path.join(folder, 'input'))).toBe(false);
  });

  it('is not called again for a flag that no version knows', async () => {
    const releases = open(
      `case "$*" in version*) echo v4.9.0; exit;; esac; echo 'Error: unknown flag: --x' >&2; exit 1`,
    );
    await expect(releases.apply('ws-dev', {}, OPTIONS, NEVER)).rejects.toMatchObject({ code: 'HELM_FAILED' });
    expect(calls().map((call) => call.split(' ')[0])).toEqual(['upgrade', 'version']);
  });
});
