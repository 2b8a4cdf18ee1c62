/**
 * What two `ws` processes say over a local socket, one command per socket: a byte for the kind, four for the length
 * (big endian), then the payload. The bytes of a stream may be cut into frames anywhere.
 */
import type { Writable } from 'node:stream';

/** Counts up with every change of what is said: a holder of another `ws` then has a socket of its own. */
export const PROTOCOL = 2;

export const FRAME = {
  /** Client: the command, UTF-8. */
  open: 1,
  /** Client: bytes of its stdin. */
  input: 2,
  /** Client: its stdin has ended. */
  inputEnd: 3,
  /** Holder: the command would be started at once. Nothing has been started. */
  ready: 4,
  /** Holder: bytes of the command's stdout. */
  output: 5,
  /** Holder: bytes of the command's stderr. */
  errors: 6,
  /** Holder: the exit status, as decimal digits. */
  exit: 7,
  /** Holder: an error as JSON `{code, message, reason, suggestions}`. */
  failed: 8,
  /**
   * Client: start it. From here on the client tries no other way, so a command is never run twice; its input follows.
   */
  go: 9,
  /** Holder: it is not stuck, however silent the command is. */
  alive: 10,
} as const;

export type FrameKind = (typeof FRAME)[keyof typeof FRAME];

const HEADER_BYTES = 5;
const STREAMED: ReadonlySet<number> = new Set([FRAME.input, FRAME.output, FRAME.errors]);
/** A control frame is no longer than a command may be. */
const CONTROL_LIMIT_BYTES = 64 * 1024;

/** False when the socket wants no more before its next `drain`. */
export function writeFrame(socket: Writable, kind: FrameKind, payload: Uint8Array | string = ''): boolean {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt8(kind, 0);
  header.writeUInt32BE(bytes.byteLength, 1);
  socket.cork();
  let wantsMore = socket.write(header);
  if (bytes.byteLength > 0) wantsMore = socket.write(bytes);
  socket.uncork();
  return wantsMore;
}

/** Takes the bytes of a socket apart. Payloads of streams are handed on as they come, those of control frames whole. */
export class FrameReader {
  readonly #onFrame: (kind: number, payload: Buffer) => void;
  #kind = 0;
  #missing = 0;
  /** What is known of a header or of a control frame that is not whole yet. */
  #parts: Buffer = Buffer.alloc(0);
  #inHeader = true;

  constructor(onFrame: (kind: number, payload: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** Throws when what comes is no frame. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#inHeader ? this.#readHeader(rest) : this.#readPayload(rest);
  }

  #readHeader(bytes: Buffer): Buffer {
    const wanted = HEADER_BYTES - this.#parts.length;
    this.#parts = Buffer.concat([this.#parts, bytes.subarray(0, wanted)]);
    if (this.#parts.length === HEADER_BYTES) {
      this.#kind = this.#parts.readUInt8(0);
      this.#missing = this.#parts.readUInt32BE(1);
      this.#parts = Buffer.alloc(0);
      if (!STREAMED.has(this.#kind) && this.#missing > CONTROL_LIMIT_BYTES) throw new Error('not a frame');
      if (this.#missing === 0) this.#onFrame(this.#kind, this.#parts);
      else this.#inHeader = false;
    }
    return bytes.subarray(wanted);
  }

  #readPayload(bytes: Buffer): Buffer {
    const part = bytes.subarray(0, this.#missing);
    this.#missing -= part.length;
    this.#inHeader = this.#missing === 0;
    if (STREAMED.has(this.#kind)) this.#onFrame(this.#kind, part);
    else {
      this.#parts = Buffer.concat([this.#parts, part]);
      if (this.#inHeader) {
        const whole = this.#parts;
        this.#parts = Buffer.alloc(0);
        this.#onFrame(this.#kind, whole);
      }
    }
    return bytes.subarray(part.length);
  }
}
