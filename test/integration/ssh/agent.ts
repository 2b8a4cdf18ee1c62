/** Agents for these tests: the real one, and one that holds a hardware-backed key in software. */
import { execFileSync, spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { toWire, WireReader } from '../../../src/contract/keys/wire.ts';

export interface Agent {
  socket: string;
  add(path: string): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** OpenSSH's settings, of which only the agent matters. */
export function settingsWith(socket: string | undefined, isNamedByConfiguration = false) {
  const agent =
    socket === undefined
      ? ({ kind: 'none' } as const)
      : ({ kind: 'socket', socket, origin: 'SSH_AUTH_SOCK', isNamedByConfiguration, isOptional: false } as const);
  return async () => ({ agent, identityFiles: [] });
}

export async function startAgent(directory: string): Promise<Agent> {
  const socket = join(directory, `agent-${process.pid}`);
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while (!(await answers(socket))) await new Promise((resolve) => setTimeout(resolve, 10));
  return {
    socket,
    add: (path) => execFileSync('ssh-add', ['-q', path], { env: { ...process.env, SSH_AUTH_SOCK: socket } }),
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}

/** It binds its socket a moment before it listens. */
function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket, () => {
      probe.destroy();
      resolve(true);
    }).once('error', () => resolve(false));
  });
}

/** Signs as a FIDO token does (OpenSSH's PROTOCOL.u2f), user presence and counter included. */
export async function startHardwareAgent(directory: string): Promise<{ socket: string; line: string; close(): void }> {
  const type = 'sk-ssh-ed25519@openssh.com';
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const blob = toWire(type, point, 'ssh:');
  const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();
  const respond = (request: Buffer): Buffer => {
    const reader = new WireReader(request);
    if (reader.byte() === 11) return Buffer.concat([Buffer.from([12]), toWire(1, blob, 'a token')]);
    reader.string();
    const data = reader.string();
    const trailer = Buffer.from([1, 0, 0, 0, 7]);
    const raw = sign(null, Buffer.concat([sha256('ssh:'), trailer, sha256(data)]), privateKey);
    const signature = Buffer.concat([toWire(type, raw), trailer]);
    return Buffer.concat([Buffer.from([14]), toWire(signature)]);
  };
  const socket = join(directory, 'token');
  const server = createServer((stream) => {
    stream.on('error', () => undefined);
    stream.on('data', (bytes: Buffer) => stream.write(toWire(respond(bytes.subarray(4)))));
  }).listen(socket);
  await new Promise((resolve) => server.once('listening', resolve));
  return { socket, line: `${type} ${blob.toString('base64')} a token`, close: () => server.close() };
}
