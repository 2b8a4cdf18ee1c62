import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKnownHosts } from '../../../src/adapters/files/known-hosts.ts';
import { makeKey } from './sshd.ts';

const run = promisify((await import('node:child_process')).execFile);
const MODULE = fileURLToPath(new URL('../../../src/adapters/files/known-hosts.ts', import.meta.url));

describe('the known_hosts file', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ws-known-'));
    path = join(directory, 'known_hosts');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const key = (seed: string) => {
    const blob = Buffer.alloc(51);
    Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0\x20', 'latin1').copy(blob);
    blob.write(seed, 19);
    return { type: 'ssh-ed25519', blob: blob.toString('base64') };
  };

  it('is made private, in a directory that is made private', async () => {
    const hosts = createKnownHosts(join(directory, 'new', 'known_hosts'));
    expect(await hosts.find('ws-dev')).toEqual([]);
    await hosts.pin('ws-dev', [key('a')]);
    expect(statSync(hosts.path).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'new')).mode & 0o777).toBe(0o700);
    expect(await hosts.find('ws-dev')).toEqual([key('a')]);
  });

  it('is read by OpenSSH, and reads what OpenSSH hashed', async () => {
    const hosts = createKnownHosts(path);
    makeKey(join(directory, 'id'), 'ed25519');
    const [type = '', blob = ''] = readFileSync(join(directory, 'id.pub'), 'utf8').split(' ');
    await hosts.pin('ws-dev.team.1234', [{ type, blob }]);
    await hosts.pin('ws-other.team.1234', [key('other')]);
    expect(execFileSync('ssh-keygen', ['-F', 'ws-dev.team.1234', '-f', path], { encoding: 'utf8' })).toContain(blob);
    execFileSync('ssh-keygen', ['-H', '-f', path], { stdio: 'ignore' });
    expect(readFileSync(path, 'utf8')).not.toContain('ws-dev');
    expect(await hosts.find('ws-dev.team.1234')).toEqual([{ type, blob }]);
    await hosts.pin('ws-dev.team.1234', [key('new')]);
    expect(await hosts.find('ws-dev.team.1234')).toEqual([key('new')]);
    expect(await hosts.find('ws-other.team.1234')).toEqual([key('other')]);
    await hosts.forget('ws-other.team.1234');
    expect(await hosts.find('ws-other.team.1234')).toEqual([]);
  });

  it('loses nothing to 50 writers at once, in this process and in others', async () => {
    const script = `import { createKnownHosts } from ${JSON.stringify(MODULE)};
      const [path, from, keys] = process.argv.slice(1);
      await Promise.all(JSON.parse(keys).map((key, index) => createKnownHosts(path).pin('ws-' + (Number(from) + index), [key])));`;
    const name = (index: number) => `ws-${index}`;
    const programs = [10, 20, 30, 40].map((from) => {
      const keys = Array.from({ length: 10 }, (_, index) => key(name(from + index)));
      return run(process.execPath, ['--input-type=module', '-e', script, path, String(from), JSON.stringify(keys)]);
    });
    const here = Array.from({ length: 10 }, (_, index) => createKnownHosts(path).pin(name(index), [key(name(index))]));
    await Promise.all([...programs, ...here]);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.toSorted()).toEqual(
      Array.from({ length: 50 }, (_, index) => `${name(index)} ssh-ed25519 ${key(name(index)).blob}`).toSorted(),
    );
    expect(readdirSync(directory)).toEqual(['known_hosts']);
  });

  it('leaves every other byte alone', async () => {
    const before = Buffer.from(
      [
        '# a comment',
        '',
        'damaged line',
        `\xff\xfe\x00 ssh-ed25519 AAAA`,
        `@revoked * ${key('r').type} ${key('r').blob}`,
        'no newline at the end',
      ].join('\r\n'),
      'latin1',
    );
    writeFileSync(path, before);
    const hosts = createKnownHosts(path);
    await hosts.pin('ws-dev', [key('a')]);
    expect(readFileSync(path).subarray(0, before.length)).toEqual(before);
    await hosts.forget('ws-dev');
    expect(readFileSync(path)).toEqual(Buffer.concat([before, Buffer.from('\n')]));
  });

  it('stays a symbolic link, and its target keeps its mode', async () => {
    const target = join(directory, 'real');
    writeFileSync(target, '# mine\n', { mode: 0o640 });
    symlinkSync(target, path);
    await createKnownHosts(path).pin('ws-dev', [key('a')]);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toMatch(/^# mine\nws-dev ssh-ed25519 /);
    expect(statSync(target).mode & 0o777).toBe(0o640);
  });

  it('is written through a symbolic link that leads to nothing yet', async () => {
    const target = join(directory, 'repository', 'real');
    symlinkSync(target, path);
    await createKnownHosts(path).pin('ws-dev', [key('a')]);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toMatch(/^ws-dev ssh-ed25519 /);
  });

  it('says so when it is read-only, a directory, or no place for a name', async () => {
    writeFileSync(path, '', { mode: 0o400 });
    await expect(createKnownHosts(path).pin('ws-dev', [key('a')])).rejects.toMatchObject({
      code: 'LOCAL_FILE_FAILED',
      reason: 'it is read-only',
    });
    await expect(createKnownHosts(directory).find('ws-dev')).rejects.toMatchObject({
      code: 'LOCAL_FILE_FAILED',
      reason: 'it is a directory',
    });
    await expect(createKnownHosts(join(directory, 'x')).pin('a b', [key('a')])).rejects.toMatchObject({
      code: 'BAD_VALUE',
    });
    expect(existsSync(join(directory, 'x'))).toBe(false);
  });

  it('is not written when it already says what is pinned', async () => {
    const hosts = createKnownHosts(path);
    await hosts.pin('ws-dev', [key('a'), key('b')]);
    const before = statSync(path, { bigint: true });
    await hosts.pin('ws-dev', [key('b'), key('a')]);
    const after = statSync(path, { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
  });

  it('survives 200 damaged files without losing a line', async () => {
    for (let round = 0; round < 200; round += 1) {
      const noise = Buffer.from(
        Array.from({ length: 1 + (round % 97) }, (_, index) => (round * 31 + index * 57 + index ** 2) % 256),
      );
      writeFileSync(path, noise);
      await createKnownHosts(path).pin('ws-dev', [key('a')]);
      expect(readFileSync(path).subarray(0, noise.length)).toEqual(noise);
      expect(await createKnownHosts(path).find('ws-dev')).toEqual([key('a')]);
    }
  });
});
