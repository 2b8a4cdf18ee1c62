/** A real OpenSSH server on a free port, with its own keys, and real key pairs: the peer of these tests. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { PublicKey } from '../../../src/contract/keys/public-key.ts';
import type { Identity } from '../../../src/workspace/keys/keys.ts';
import { parsePublicKey } from '../../../src/workspace/keys/public-key.ts';
import type { SshTarget } from '../../../src/workspace/world.ts';

export const SSHD = '/usr/sbin/sshd';

/** Why these tests cannot run here; undefined when they can. */
export function findMissing(): string | undefined {
  if (!existsSync(SSHD)) return `${SSHD} is missing (package openssh-server)`;
  return undefined;
}

export interface Server {
  port: number;
  user: string;
  directory: string;
  hostKeys: PublicKey[];
  authorize(...lines: string[]): void;
  target(identities: Identity[], change?: Partial<SshTarget>): SshTarget;
  log(): string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Runs ssh-keygen; returns the private key's path. */
export function makeKey(path: string, type: string, bits?: number, passphrase = '', ...more: string[]): string {
  const size = bits === undefined ? [] : ['-b', String(bits)];
  execFileSync('ssh-keygen', ['-q', '-t', type, ...size, '-N', passphrase, '-C', 'a comment', '-f', path, ...more]);
  return path;
}

export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ws-ssh-'));
  chmodSync(directory, 0o700);
  return directory;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Writes what sshd needs into a folder: a host key, an empty list of authorized keys, and the configuration's path. */
export function configure(directory: string, port: number, extra: string[] = []) {
  const hostKey = makeKey(join(directory, 'host_key'), 'ed25519');
  const authorized = join(directory, 'authorized_keys');
  writeFileSync(authorized, '', { mode: 0o600 });
  mkdirSync('/run/sshd', { recursive: true });
  const config = join(directory, 'sshd_config');
  writeFileSync(
    config,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${authorized}`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin prohibit-password',
      'MaxAuthTries 20',
      'MaxStartups 100',
      'MaxSessions 200',
      'PidFile none',
      'LogLevel VERBOSE',
      ...extra,
      '',
    ].join('\n'),
  );
  return { config, authorized, hostKey };
}

export async function startServer(extra: string[] = []): Promise<Server> {
  const directory = makeDirectory();
  const port = await findFreePort();
  const { config, authorized, hostKey } = configure(directory, port, extra);
  const child = spawn(SSHD, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  for (let tries = 0; !log.includes('Server listening'); tries += 1) {
    if (tries > 3000 || child.exitCode !== null) throw new Error(`sshd did not start: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const hostKeys = [parsePublicKey(readFileSync(`${hostKey}.pub`, 'utf8'), 'the host key')];
  const user = userInfo().username;
  return {
    port,
    user,
    directory,
    hostKeys,
    authorize: (...lines) => writeFileSync(authorized, `${lines.join('\n')}\n`),
    target: (identities, change) => ({
      openStream: () => dial(port),
      user,
      hostKeys,
      identities,
      askPassphrase: undefined,
      ...change,
    }),
    log: () => log,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function dial(port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket));
  });
}
