/** What both ends say first on each carrier, before any frame: who comes back, and where it was. */
import { FrameFault, LAST_POSITION } from './frames.ts';

/** It counts up with every change of what is said. */
const MAGIC = Buffer.from('ws-res1\n', 'latin1');

export const TOKEN_BYTES = 32;

/** The client: `start` a stream, or `resume` the one of this token, of which so much has arrived. */
export type Hello = { kind: 'start' } | { kind: 'resume'; token: Buffer; received: number };

/** Why the supervisor does not go on with a client. */
export type Refusal = 'unknown' | 'full';

/** The supervisor. After `welcome` both sides send frames, from where the other one was. */
export type Answer =
  | { kind: 'welcome'; token: Buffer; received: number; keptSeconds: number }
  | { kind: 'refused'; reason: Refusal };

const START = 1;
const RESUME = 2;
const WELCOME = 3;
const REFUSED = 4;

const REFUSALS: Refusal[] = ['unknown', 'full'];
const NO_TOKEN = Buffer.alloc(TOKEN_BYTES);

/** Magic, kind, reason, token, position, seconds: both have this one form. */
export const HELLO_BYTES = MAGIC.length + 2 + TOKEN_BYTES + 6 + 4;

export function writeHello(hello: Hello): Buffer {
  if (hello.kind === 'start') return write(START, 0, NO_TOKEN, 0, 0);
  return write(RESUME, 0, hello.token, hello.received, 0);
}

export function writeAnswer(answer: Answer): Buffer {
  if (answer.kind === 'refused') return write(REFUSED, REFUSALS.indexOf(answer.reason), NO_TOKEN, 0, 0);
  return write(WELCOME, 0, answer.token, answer.received, answer.keptSeconds);
}

/** Undefined for what is no hello; `bytes` are `HELLO_BYTES`. */
export function parseHello(bytes: Buffer): Hello | undefined {
  const parts = read(bytes);
  if (parts?.kind === START) return { kind: 'start' };
  if (parts?.kind === RESUME) return { kind: 'resume', token: parts.token, received: parts.position };
  return undefined;
}

/** Undefined for what is no answer; `bytes` are `HELLO_BYTES`. */
export function parseAnswer(bytes: Buffer): Answer | undefined {
  const parts = read(bytes);
  const reason = REFUSALS[parts?.reason ?? REFUSALS.length];
  if (parts?.kind === WELCOME)
    return { kind: 'welcome', token: parts.token, received: parts.position, keptSeconds: parts.seconds };
  return parts?.kind === REFUSED && reason !== undefined ? { kind: 'refused', reason } : undefined;
}

function write(kind: number, reason: number, token: Buffer, position: number, seconds: number): Buffer {
  const bytes = Buffer.alloc(HELLO_BYTES);
  MAGIC.copy(bytes);
  let at = bytes.writeUInt8(kind, MAGIC.length);
  at = bytes.writeUInt8(reason, at);
  at += token.copy(bytes, at);
  at = bytes.writeUIntBE(Math.min(position, LAST_POSITION), at, 6);
  bytes.writeUInt32BE(seconds, at);
  return bytes;
}

function read(bytes: Buffer) {
  if (bytes.length !== HELLO_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const at = MAGIC.length;
  return {
    kind: bytes.readUInt8(at),
    reason: bytes.readUInt8(at + 1),
    token: Buffer.from(bytes.subarray(at + 2, at + 2 + TOKEN_BYTES)),
    position: bytes.readUIntBE(at + 2 + TOKEN_BYTES, 6),
    seconds: bytes.readUInt32BE(at + 8 + TOKEN_BYTES),
  };
}

/** Gathers the first bytes of a carrier. What comes after them is handed back with them. */
export class HelloReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** Undefined until they are whole. Throws `FrameFault` as soon as they can be none. */
  push(chunk: Buffer): { hello: Buffer; rest: Buffer } | undefined {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const begun = this.#bytes.subarray(0, MAGIC.length);
    if (!begun.equals(MAGIC.subarray(0, begun.length))) throw new FrameFault('no hello');
    if (this.#bytes.length < HELLO_BYTES) return undefined;
    return { hello: this.#bytes.subarray(0, HELLO_BYTES), rest: this.#bytes.subarray(HELLO_BYTES) };
  }
}
