import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/adapters/files/make-folder.ts';
import { createIdentities } from '../../../src/adapters/ssh/keys/identities.ts';
import { saying } from '../../spelling.ts';
import { settingsWith, startAgent } from './agent.ts';
import { makeKey } from './sshd.ts';

const never = new AbortController().signal;

describe('the user’s key pairs', () => {
  let home: string;
  let directory: string;
  const list = (agentSocket?: string) =>
    createIdentities({ makeFolder, homeDirectory: home, findSettings: settingsWith(agentSocket) }).list(never);

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'ws-keys-'));
    directory = join(home, '.ssh');
    mkdirSync(directory, { mode: 0o700 });
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('are none without a directory and an agent', async () => {
    rmSync(directory, { recursive: true });
    expect(await list()).toEqual([]);
    expect(await list(join(home, 'no-socket'))).toEqual([]);
  });

  it('are found with and without their public file, ed25519 first', async () => {
    makeKey(join(directory, 'id_rsa'), 'rsa', 2048);
    makeKey(join(directory, 'id_ecdsa'), 'ecdsa', 521, 'secret');
    makeKey(join(directory, 'work'), 'ecdsa', 256);
    makeKey(join(directory, 'id_ed25519'), 'ed25519', undefined, 'secret');
    rmSync(join(directory, 'id_ed25519.pub'));
    makeKey(join(directory, 'id_old'), 'rsa', 2048, 'secret', '-m', 'PEM');
    makeKey(join(directory, 'id_alone'), 'rsa', 2048, 'secret', '-m', 'PEM');
    rmSync(join(directory, 'id_alone.pub'));
    makeKey(join(directory, 'other'), 'ed25519');
    rmSync(join(directory, 'other'));
    for (const name of ['config', 'known_hosts', 'id_garbage', 'id_x.pub', 'authorized_keys']) {
      writeFileSync(
        join(directory, name),
        '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n',
      );
    }
    execFileSync('mkfifo', [join(directory, 'id_pipe'), join(directory, 'pipe.pub'), join(directory, 'pipe')]);
    mkdirSync(join(directory, 'id_directory'));
    const found = await list();
    expect(found.map(({ path, encrypted }) => [path?.slice(directory.length + 1), encrypted])).toEqual([
      ['id_ed25519', true],
      ['id_ecdsa', true],
      ['id_old', true],
      ['id_rsa', false],
      ['work', false],
    ]);
    expect(found.at(-1)).toMatchObject({ source: 'file', comment: 'a comment', type: 'ecdsa-sha2-nistp256' });
    const fingerprint = execFileSync('ssh-keygen', ['-lf', join(directory, 'id_rsa.pub')], { encoding: 'utf8' }).split(
      ' ',
    )[1];
    expect(found[3]?.fingerprint).toBe(fingerprint);
  });

  it('come from the agent first, each once, with the file that holds it', async () => {
    const both = makeKey(join(directory, 'id_ed25519'), 'ed25519');
    makeKey(join(directory, 'id_rsa'), 'rsa', 2048);
    const only = makeKey(join(home, 'elsewhere'), 'ecdsa', 256);
    await using agent = await startAgent(home);
    agent.add(only);
    agent.add(both);
    expect((await list(agent.socket)).map(({ source, path }) => [source, path])).toEqual([
      ['agent', undefined],
      ['agent', both],
      ['file', join(directory, 'id_rsa')],
    ]);
  });

  it('do not wait for an agent that never answers, or believe one that lies', async () => {
    makeKey(join(directory, 'id_ed25519'), 'ed25519');
    for (const answer of [
      '',
      '\xff\xff\xff\xff',
      '\0\0\0\x01\x05',
      '\0\0\0\x05\x0c\xff\xff\xff\xff',
      '\0\0\0\x09\x0c\0\0\0\x01\0\0\0\x50',
    ]) {
      const path = join(home, `socket-${answer.length}`);
      const server = createServer(
        (socket) =>
          void socket
            .on('error', () => undefined)
            .resume()
            .write(Buffer.from(answer, 'latin1')),
      );
      await new Promise<void>((resolve) => server.listen(path, resolve));
      const start = performance.now();
      expect(await list(path)).toHaveLength(1);
      expect(performance.now() - start).toBeLessThan(15_000);
      server.close();
    }
  });

  it('can be read by either half, with ~', async () => {
    makeKey(join(directory, 'key'), 'ed25519', undefined, 'secret');
    const identities = createIdentities({ makeFolder, homeDirectory: home, findSettings: settingsWith(undefined) });
    const identity = await identities.read('~/.ssh/key');
    expect(identity).toMatchObject({ path: join(directory, 'key'), encrypted: true, comment: 'a comment' });
    expect(await identities.read('~/.ssh/key.pub')).toEqual(identity);
    rmSync(join(directory, 'key'));
    expect(await identities.read('~/.ssh/key.pub')).toMatchObject({ path: undefined, encrypted: false });
  });

  it('say what is wrong with a path', async () => {
    const identities = createIdentities({ makeFolder, homeDirectory: home, findSettings: settingsWith(undefined) });
    await expect(identities.read(join(home, 'nothing'))).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
    await expect(identities.read(directory)).rejects.toMatchObject({
      code: 'KEY_UNREADABLE',
      reason: 'it is not a file',
    });
    writeFileSync(join(home, 'text'), 'hello');
    writeFileSync(join(home, 'broken'), '-----BEGIN OPENSSH PRIV\nb3BlbnNzaC1rZXktdjEAAAAA');
    for (const name of ['text', 'broken'])
      await expect(identities.read(join(home, name))).rejects.toMatchObject({
        code: 'KEY_UNREADABLE',
        reason: 'it is neither a private key nor a public one',
      });
    for (const [text, reason] of [
      ['', 'it is empty'],
      ['ssh-ed25519 AAAA me', 'the key is damaged'],
    ] as const) {
      writeFileSync(join(home, 'half'), text);
      await expect(identities.read(join(home, 'half'))).rejects.toMatchObject({ code: 'KEY_UNREADABLE', reason });
    }
    const path = makeKey(join(home, 'pem'), 'rsa', 2048, 'secret', '-m', 'PEM');
    rmSync(`${path}.pub`);
    await expect(identities.read(path)).rejects.toMatchObject({
      code: 'KEY_UNREADABLE',
      suggestions: [saying(`ssh-keygen -y -f ${path} > ${path}.pub`)],
    });
  });

  it('can be generated at a free path, as ssh-keygen does it', async () => {
    const identities = createIdentities({ makeFolder, homeDirectory: home, findSettings: settingsWith(undefined) });
    const path = join(home, 'new', 'id_ws');
    const identity = await identities.generate(path, 'ws on a laptop');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'new')).mode & 0o777).toBe(0o700);
    expect(await identities.read(path)).toEqual(identity);
    expect(execFileSync('ssh-keygen', ['-y', '-f', path], { encoding: 'utf8' })).toBe(
      readFileSync(`${path}.pub`, 'utf8'),
    );
    expect(execFileSync('ssh-keygen', ['-lf', path], { encoding: 'utf8' })).toContain(
      `${identity.fingerprint} ws on a laptop`,
    );
    await expect(identities.generate(path, '')).rejects.toMatchObject({
      code: 'LOCAL_FILE_FAILED',
      reason: 'a file is there already',
    });
    writeFileSync(join(home, 'taken.pub'), '');
    await expect(identities.generate(join(home, 'taken'), '')).rejects.toMatchObject({ code: 'LOCAL_FILE_FAILED' });
    expect(existsSync(join(home, 'taken'))).toBe(false);
    chmodSync(path, 0o600);
  });
});
