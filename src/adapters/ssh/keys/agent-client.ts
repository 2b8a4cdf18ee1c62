/**
 * The SSH agent's protocol (draft-miller-ssh-agent), list and sign. ssh2 has a client too, but it drops hardware-backed
 * keys from the list and the last parts of their signatures.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { toWire, WireReader } from '../../../contract/keys/wire.ts';

const FAILURE = 5;
const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;
const EXTENSION = 27;
const EXTENSION_FAILURE = 28;
const SUCCESS = 6;

/** No agent sends more than this. */
const ANSWER_LIMIT_BYTES = 4 * 1024 * 1024;

export interface AgentKey {
  blob: Buffer;
  comment: string;
}

/** `SSH_AUTH_SOCK`, a Windows pipe, or `pageant`. */
export type AgentSocket = string;

/** Flags of a sign request that ask for an RSA signature of the newer kinds. */
export const RSA_FLAGS = { sha256: 2, sha512: 4 } as const;

/** The agent's keys. Throws when nobody answers before the signal. */
export async function listAgentKeys(socket: AgentSocket, signal: AbortSignal): Promise<AgentKey[]> {
  const answer = await ask(socket, Buffer.from([REQUEST_IDENTITIES]), IDENTITIES_ANSWER, signal);
  return Array.from({ length: answer.uint32() }, () => ({ blob: answer.string(), comment: answer.text() }));
}

/**
 * Whether an agent that lists nothing is surely not locked. OpenSSH's answers a locked user with an empty list, and
 * refuses all else: here, to have this connection bound to a made-up host key, which leaves no trace (PROTOCOL.agent of
 * OpenSSH 8.9).
 */
export async function isUnlocked(socket: AgentSocket, signal: AbortSignal): Promise<boolean> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const session = randomBytes(32);
  const signature = toWire('ssh-ed25519', sign(null, session, privateKey));
  const request = toWire('session-bind@openssh.com', toWire('ssh-ed25519', point), session, signature);
  try {
    await ask(socket, Buffer.concat([Buffer.from([EXTENSION]), request, Buffer.from([0])]), SUCCESS, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * The signature in its wire form: its kind, the bytes and, for hardware keys, flags and counter. May wait for a touch.
 */
export async function signWithAgent(
  socket: AgentSocket,
  blob: Buffer,
  data: Buffer,
  flags: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const request = Buffer.concat([Buffer.from([SIGN_REQUEST]), toWire(blob, data, flags)]);
  return (await ask(socket, request, SIGN_RESPONSE, signal)).string();
}

async function ask(path: AgentSocket, request: Buffer, expected: number, signal: AbortSignal): Promise<WireReader> {
  signal.throwIfAborted();
  const stream = await openAgent(path);
  const abort = () => stream.destroy(new Error('it does not answer'));
  signal.addEventListener('abort', abort);
  try {
    if (signal.aborted) abort();
    stream.write(toWire(request));
    const answer = new WireReader(await readMessage(stream));
    const kind = answer.byte();
    if (kind === FAILURE || kind === EXTENSION_FAILURE) throw new Error('it refused; it may be locked');
    if (kind !== expected) throw new Error(`it gave the answer ${kind}, not ${expected}`);
    return answer;
  } finally {
    signal.removeEventListener('abort', abort);
    stream.destroy();
  }
}

/** Pageant and Cygwin's agent are not plain sockets; ssh2 can reach them. */
async function openAgent(path: AgentSocket): Promise<Duplex> {
  if (process.platform !== 'win32' || /^[/\\]{2}\.[/\\]pipe[/\\]/.test(path)) {
    const socket: Socket = connect(path);
    // Errors surface where the answer is read; this listener is for those after that.
    socket.on('error', () => undefined);
    return socket;
  }
  const { createAgent } = await import('../ssh2-privates.ts');
  return new Promise((resolve, reject) => {
    createAgent(path).getStream?.((error, stream) => {
      if (error != null || stream === undefined) reject(error ?? new Error('the agent cannot be reached'));
      else resolve(stream);
    });
  });
}

function readMessage(stream: Duplex): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    stream.on('error', reject);
    stream.on('close', () => reject(new Error('it hung up')));
    stream.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 4) return;
      const length = bytes.readUInt32BE(0);
      if (length === 0 || length > ANSWER_LIMIT_BYTES) reject(new Error('its answer is not an agent’s'));
      else if (bytes.length >= 4 + length) resolve(bytes.subarray(4, 4 + length));
    });
  });
}
