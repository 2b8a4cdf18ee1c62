/** The server's own sentences, made by its own code: whoever changes one there hears of it here. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readConfig } from '../../../src/supervisor/config.ts';
import { listen } from '../../../src/supervisor/connections/door.ts';
import { installHostKey } from '../../../src/supervisor/dropbear/host-key.ts';
import { prepareHome } from '../../../src/supervisor/home/prepare-home.ts';
import { RuntimeFolder } from '../../../src/supervisor/runtime/runtime-folder.ts';
import { verifyShell } from '../../../src/supervisor/runtime/users.ts';
import { findPort, readStartFault } from '../../../src/workspace/diagnosis/words/last-words.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ws-last-words-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ACCOUNT = { name: 'alice', uid: 1000, gid: 1000, home: '/homes/alice', shell: '/bin/bash' };

/** What it leaves behind. */
async function lastWords(fail: () => unknown): Promise<string> {
  try {
    await fail();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not fail');
}

it.each(['WS_LOG_LEVEL=loud', 'WS_SSH_PORT=x', 'WS_GRACE_PERIOD_SECONDS=1'])('a value: %s', async (pair) => {
  const [name = '', value] = pair.split('=');
  expect(readStartFault(await lastWords(() => readConfig({ [name]: value }, ACCOUNT)))).toBe('values');
});

it('a shell that the image does not have', async () => {
  expect(readStartFault(await lastWords(() => verifyShell('/bin/fish', '/bin/sh\n/bin/bash\n')))).toBe('values');
});

it.each([
  'no key',
  '',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 a@b',
  '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
  '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n',
])('a host key that is none: %j', async (text) => {
  const file = path.join(folder, 'ssh_host_key');
  writeFileSync(file, text);
  const words = await lastWords(() => installHostKey(file, new RuntimeFolder(folder), false));
  expect(readStartFault(words), words).toBe('host-key');
});

it('a host key that its Secret has lost, with the way back to it', async () => {
  const missing = path.join(folder, 'none', 'ssh_host_key');
  const words = await lastWords(() => installHostKey(missing, new RuntimeFolder(folder), false));
  expect(readStartFault(words), words).toBe('host-key');
  expect(words).toContain('helm rollback');
});

it('a port that somebody else has', async () => {
  const [first, second] = [createServer(), createServer()];
  await listen(first, 0, '127.0.0.1');
  const { port } = first.address() as { port: number };
  const words = await lastWords(() => listen(second, port, '127.0.0.1'));
  first.close();
  expect([readStartFault(words), findPort(words)]).toEqual(['port', String(port)]);
});

it('a home that does not answer in time, or whose place is a file', async () => {
  const place = path.join(folder, 'file');
  writeFileSync(place, '');
  expect(readStartFault(await lastWords(() => prepareHome(path.join(place, 'alice'), folder)))).toBe(
    'home-not-writable',
  );
  expect(readStartFault("the home's volume did not answer within 60 s; see whether its server is up")).toBe(
    'home-silent',
  );
});

it("words of another program are nobody's fault that is known", () => {
  for (const words of ['', 'the moon is full', 'panic: runtime error', 'WS_LOG_LEVEL'])
    expect(readStartFault(words)).toBeUndefined();
});
