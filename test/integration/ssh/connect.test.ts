import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/adapters/files/make-folder.ts';
import { createConnector } from '../../../src/adapters/ssh/connector.ts';
import { createIdentities } from '../../../src/adapters/ssh/keys/identities.ts';
import { type ErrorCode, interrupted, type WorkspaceError } from '../../../src/workspace/errors/errors.ts';
import type { Identity } from '../../../src/workspace/keys/keys.ts';
import { parsePublicKey } from '../../../src/workspace/keys/public-key.ts';
import type { SshTarget } from '../../../src/workspace/world.ts';
import { saying } from '../../spelling.ts';
import { settingsWith, startAgent, startHardwareAgent } from './agent.ts';
import { dial, findMissing, makeKey, type Server, startServer } from './sshd.ts';

const missing = findMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

const never = new AbortController().signal;

describe.skipIf(missing !== undefined)('connecting to OpenSSH', () => {
  let server: Server;
  const read = (path: string) =>
    createIdentities({ makeFolder, homeDirectory: '/nowhere', findSettings: settingsWith(undefined) }).read(path);
  const publicLine = (path: string) => readFileSync(`${path}.pub`, 'utf8').trim();

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  async function whoami(target: SshTarget, agentSocket?: string): Promise<string> {
    await using connection = await createConnector({ agentSocket }).connect(target, never);
    const { stdout } = await connection.run('id -un', never);
    return stdout.trim();
  }

  async function fail(target: SshTarget, code: ErrorCode, agentSocket?: string): Promise<WorkspaceError> {
    const error = await createConnector({ agentSocket })
      .connect(target, never)
      .then(
        () => undefined,
        (reason) => reason as WorkspaceError,
      );
    expect(error).toMatchObject({ code });
    return error as WorkspaceError;
  }

  const kinds: [string, string, number | undefined, string[]][] = [
    ['ed25519', 'ed25519', undefined, []],
    ['rsa 2048', 'rsa', 2048, []],
    ['rsa 4096', 'rsa', 4096, []],
    ['ecdsa 256', 'ecdsa', 256, []],
    ['ecdsa 384', 'ecdsa', 384, []],
    ['ecdsa 521', 'ecdsa', 521, []],
    ['rsa in PEM', 'rsa', 2048, ['-m', 'PEM']],
    ['ecdsa in PEM', 'ecdsa', 256, ['-m', 'PEM']],
    ['rsa in PKCS#8', 'rsa', 2048, ['-m', 'PKCS8']],
    ['ecdsa in PKCS#8', 'ecdsa', 384, ['-m', 'PKCS8']],
  ];
  for (const [name, type, bits, more] of kinds) {
    for (const passphrase of ['', 'correct horse']) {
      it(`logs in with ${name}${passphrase && ', encrypted'}`, async () => {
        const path = makeKey(join(server.directory, `${name} ${passphrase.length}`), type, bits, passphrase, ...more);
        server.authorize(publicLine(path));
        const identity = await read(path);
        expect(identity).toMatchObject({
          encrypted: passphrase !== '',
          blob: parsePublicKey(publicLine(path), 'it').blob,
          fingerprint: execFileSync('ssh-keygen', ['-l', '-f', `${path}.pub`], { encoding: 'utf8' }).split(' ')[1],
        });
        const asked: number[] = [];
        const askPassphrase = async (_: Identity, attempt: number) => {
          asked.push(attempt);
          return attempt === 1 ? 'wrong' : passphrase;
        };
        expect(await whoami(server.target([identity], { askPassphrase }))).toBe(server.user);
        expect(asked).toEqual(passphrase === '' ? [] : [1, 2]);
      });
    }
  }

  it('logs in with an ed25519 key in PKCS#8, with and without a passphrase', async () => {
    const path = join(server.directory, 'pkcs8');
    const { generateKeyPairSync } = await import('node:crypto');
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(path, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
    const identity = await read(path);
    server.authorize(`${identity.type} ${identity.blob}`);
    expect(await whoami(server.target([identity]))).toBe(server.user);
    writeFileSync(
      path,
      privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'geheim' }),
    );
    await expect(read(path)).rejects.toMatchObject({ code: 'KEY_UNREADABLE' });
    writeFileSync(`${path}.pub`, `${identity.type} ${identity.blob}\n`);
    const encrypted = await read(path);
    expect(encrypted.encrypted).toBe(true);
    expect(await whoami(server.target([encrypted], { askPassphrase: async () => 'geheim' }))).toBe(server.user);
  });

  it.skipIf(!existsSync('/usr/bin/puttygen'))(
    'logs in with a PuTTY key of version 2 and refuses version 3 in words',
    async () => {
      const path = makeKey(join(server.directory, 'for putty'), 'rsa', 2048);
      server.authorize(publicLine(path));
      for (const version of ['2', '3']) {
        execFileSync('puttygen', [
          path,
          '--ppk-param',
          `version=${version}`,
          '-O',
          'private',
          '-o',
          `${path}${version}.ppk`,
        ]);
      }
      const old = await read(`${path}2.ppk`);
      expect(old.blob).toBe(parsePublicKey(publicLine(path), 'it').blob);
      expect(await whoami(server.target([old]))).toBe(server.user);
      const error = await fail(server.target([await read(`${path}3.ppk`)]), 'KEY_UNREADABLE');
      expect(error.reason).toContain('puttygen');
    },
  );

  it('logs in with keys of a real agent, which may be encrypted on disk', async () => {
    await using agent = await startAgent(server.directory);
    const home = server.directory;
    for (const [type, bits] of [
      ['ed25519', undefined],
      ['rsa', 2048],
      ['ecdsa', 256],
    ] as const) {
      const path = makeKey(join(server.directory, `agent ${type}`), type, bits);
      agent.add(path);
      server.authorize(publicLine(path));
      const identities = await createIdentities({
        makeFolder,
        homeDirectory: home,
        findSettings: settingsWith(agent.socket),
      }).list(never);
      const identity = identities.at(-1) as Identity;
      expect(identity).toMatchObject({ source: 'agent', path: undefined, comment: 'a comment' });
      expect(await whoami(server.target([identity]), agent.socket)).toBe(server.user);
    }
  });

  it('logs in with a hardware-backed key through the agent', async () => {
    const agent = await startHardwareAgent(server.directory);
    server.authorize(agent.line);
    const [identity] = await createIdentities({
      makeFolder,
      homeDirectory: '/nowhere',
      findSettings: settingsWith(agent.socket),
    }).list(never);
    expect(identity).toMatchObject({ type: 'sk-ssh-ed25519@openssh.com', comment: 'a token' });
    expect(await whoami(server.target([identity as Identity]), agent.socket)).toBe(server.user);
    agent.close();
  });

  it('asks for a passphrase only when the server takes the key, and ends at once when nobody can be asked', async () => {
    const stranger = await read(makeKey(join(server.directory, 'stranger'), 'ed25519', undefined, 'secret'));
    const path = makeKey(join(server.directory, 'known'), 'ed25519', undefined, 'secret');
    server.authorize(publicLine(path));
    const known = await read(path);
    const asked: (string | undefined)[] = [];
    const askPassphrase = async (identity: Identity) => {
      asked.push(identity.path);
      return 'secret';
    };
    expect(await whoami(server.target([stranger, known], { askPassphrase }))).toBe(server.user);
    expect(asked).toEqual([path]);
    const start = performance.now();
    await fail(server.target([stranger, known]), 'PASSPHRASE_UNASKABLE');
    await fail(server.target([known], { askPassphrase: async () => undefined }), 'PASSPHRASE_UNASKABLE');
    expect(performance.now() - start).toBeLessThan(15_000);
    await fail(server.target([known], { askPassphrase: async () => 'no' }), 'PASSPHRASE_WRONG');
  });

  it('asks the server first about a key with a passphrase alone', async () => {
    await using own = await startServer();
    const plain = makeKey(join(own.directory, 'plain'), 'ed25519');
    const locked = makeKey(join(own.directory, 'guarded'), 'ed25519', undefined, 'words');
    own.authorize(publicLine(plain), publicLine(locked));
    for (const [path, questions] of [
      [plain, 0],
      [locked, 1],
    ] as const) {
      const before = own.log().length;
      const target = own.target([await read(path)], { askPassphrase: async () => 'words' });
      expect(await whoami(target)).toBe(own.user);
      const said = own.log().slice(before);
      expect(said).toContain('Accepted publickey');
      expect(said.split('Postponed publickey').length - 1).toBe(questions);
    }
  });

  it('ends when the question for a passphrase is interrupted, whatever other keys there are', async () => {
    const locked = makeKey(join(server.directory, 'asked'), 'ed25519', undefined, 'secret');
    const free = makeKey(join(server.directory, 'unasked'), 'ed25519');
    server.authorize(publicLine(locked), publicLine(free));
    const askPassphrase = async () => {
      throw interrupted();
    };
    await fail(server.target([await read(locked), await read(free)], { askPassphrase }), 'INTERRUPTED');
  });

  it('falls back to the next key when one cannot sign', async () => {
    const locked = makeKey(join(server.directory, 'locked'), 'ed25519', undefined, 'secret');
    const free = makeKey(join(server.directory, 'free'), 'ed25519');
    server.authorize(publicLine(locked), publicLine(free));
    expect(await whoami(server.target([await read(locked), await read(free)]))).toBe(server.user);
  });

  it.each([0, 1, 2])('tells which key opened the door, with %d strange ones before it', async (before) => {
    const paths = [0, 1, 2].map((one) => makeKey(join(server.directory, `door ${before} ${one}`), 'ed25519'));
    server.authorize(publicLine(paths[before] ?? ''));
    const identities = await Promise.all(paths.map((path) => read(path)));
    await using connection = await createConnector({ agentSocket: undefined }).connect(
      server.target(identities),
      never,
    );
    expect(connection.identity).toEqual(identities[before]);
  });

  it('connects again when the server lost patience while the passphrase was typed', async () => {
    await using impatient = await startServer(['LoginGraceTime 1']);
    const path = makeKey(join(impatient.directory, 'slow'), 'ed25519', undefined, 'secret');
    impatient.authorize(publicLine(path));
    const asked: number[] = [];
    const askPassphrase = async (_: Identity, attempt: number) => {
      asked.push(attempt);
      await new Promise((resolve) => setTimeout(resolve, 2500));
      return 'secret';
    };
    expect(await whoami(impatient.target([await read(path)], { askPassphrase }))).toBe(impatient.user);
    expect(asked).toEqual([1]);
  });

  it('names the keys that were offered when none is authorized', async () => {
    const one = await read(makeKey(join(server.directory, 'one'), 'ed25519'));
    const two = await read(makeKey(join(server.directory, 'two'), 'rsa', 2048));
    server.authorize('');
    const error = await fail(server.target([one, two]), 'KEY_NOT_AUTHORIZED');
    expect(error.reason).toContain(one.fingerprint);
    expect(error.reason).toContain(two.fingerprint);
    expect(error.suggestions[0]).toEqual(saying(`ws keys add ${one.path}.pub`));
    await fail(server.target([]), 'KEY_NOT_FOUND');
  });

  it('refuses a host key that is not known, 20 of 20, and shows both fingerprints', async () => {
    const path = makeKey(join(server.directory, 'mine'), 'ed25519');
    server.authorize(publicLine(path));
    const other = parsePublicKey(publicLine(makeKey(join(server.directory, 'other'), 'rsa', 2048)), 'other');
    const identity = await read(path);
    for (let round = 0; round < 20; round += 1) {
      const error = await fail(server.target([identity], { hostKeys: [other] }), 'HOST_KEY_CHANGED');
      expect(error.reason).toContain(
        execFileSync('ssh-keygen', ['-l', '-f', join(server.directory, 'other.pub')], { encoding: 'utf8' }).split(
          ' ',
        )[1],
      );
      expect(error.reason).toContain(
        execFileSync('ssh-keygen', ['-l', '-f', join(server.directory, 'host_key.pub')], { encoding: 'utf8' }).split(
          ' ',
        )[1],
      );
    }
    await fail(server.target([identity], { hostKeys: [] }), 'HOST_KEY_CHANGED');
    expect(await whoami(server.target([identity], { hostKeys: [other, ...server.hostKeys] }))).toBe(server.user);
  });

  it('says that a server that hangs up, or that is none, cannot be connected to', async () => {
    const path = makeKey(join(server.directory, 'any'), 'ed25519');
    const identity = await read(path);
    for (const answer of ['', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'SSH-2.0-x\r\ngarbage garbage garbage']) {
      const listener = createServer((socket) => socket.on('error', () => undefined).end(answer)).listen(0);
      const { port } = listener.address() as { port: number };
      await fail(server.target([identity], { openStream: () => dial(port) }), 'CONNECTION_FAILED');
      listener.close();
    }
  });

  it('can be interrupted while nothing answers', async () => {
    const listener = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0);
    const { port } = listener.address() as { port: number };
    const identity = await read(makeKey(join(server.directory, 'waiting'), 'ed25519'));
    const connecting = createConnector({ agentSocket: undefined }).connect(
      server.target([identity], { openStream: () => dial(port) }),
      AbortSignal.timeout(200),
    );
    await expect(connecting).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await new Promise((resolve) => listener.close(resolve));
  });

  it('settles `ended`: undefined after close, the reason after a loss', async () => {
    const path = makeKey(join(server.directory, 'ending'), 'ed25519');
    server.authorize(publicLine(path));
    const target = server.target([await read(path)]);
    const closed = await createConnector({ agentSocket: undefined }).connect(target, never);
    await closed.close();
    await closed.close();
    expect(await closed.ended).toBeUndefined();
    await expect(closed.run('true', never)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    const stream = await dial(server.port);
    const lost = await createConnector({ agentSocket: undefined }).connect(
      { ...target, openStream: async () => stream },
      never,
    );
    const running = lost.run('sleep 60', never);
    setTimeout(() => stream.destroy(), 100);
    await expect(running).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await lost.ended).toMatchObject({ code: 'CONNECTION_LOST' });
  });
});
