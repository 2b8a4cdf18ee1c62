/**
 * The frames of a resumable stream, in both directions: a byte for the kind, three for the payload's length and six for
 * a position, big endian. docs/decisions/0046-resumable-streams.md says what they mean.
 */

export const FRAME = {
  /** Bytes of the stream, and the position of the first of them. */
  data: 1,
  /** Everything before this position has arrived, and need not be kept. */
  ack: 2,
  /**
   * No bytes follow, and this is the position after the last. It takes a position itself, so that it is acknowledged.
   */
  end: 3,
  /** Asks for a sign of life. */
  ping: 4,
  pong: 5,
  /** Nobody resumes this: what serves it may end. */
  close: 6,
} as const;

export type FrameKind = (typeof FRAME)[keyof typeof FRAME];

/** A peer that sends something else than frames, or frames that cannot follow what was before. */
export class FrameFault extends Error {}

const HEADER_BYTES = 10;

/** The longest payload. It is handed on as it comes, so a reader never keeps more than a header. */
const MOST_PAYLOAD_BYTES = 1024 * 1024;

/** Positions have six bytes: 256 TiB, and every number is exact. */
export const LAST_POSITION = 2 ** 48 - 1;

export function toHeader(kind: FrameKind, position: number, length = 0): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt8(kind, 0);
  header.writeUIntBE(length, 1, 3);
  header.writeUIntBE(position, 4, 6);
  return header;
}

/** The bytes in pieces that a frame may carry. */
export function* cutPayload(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += MOST_PAYLOAD_BYTES) yield bytes.subarray(at, at + MOST_PAYLOAD_BYTES);
}

export interface FrameHandlers {
  /** A piece of a frame of data, and its position: a frame comes in as many pieces as the carrier cuts it into. */
  data(position: number, payload: Buffer): void;
  control(kind: Exclude<FrameKind, 1>, position: number): void;
}

/** Takes what a carrier brings apart, wherever it is cut. */
export class FrameReader {
  readonly #handlers: FrameHandlers;
  /** A header that is not whole yet. */
  #part: Buffer = Buffer.alloc(0);
  /** Of the frame of data that is under way. */
  #missing = 0;
  #position = 0;

  constructor(handlers: FrameHandlers) {
    this.#handlers = handlers;
  }

  /** Throws `FrameFault` for what is no frame. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#missing > 0 ? this.#readPayload(rest) : this.#readHeader(rest);
  }

  #readPayload(bytes: Buffer): Buffer {
    const payload = bytes.length <= this.#missing ? bytes : bytes.subarray(0, this.#missing);
    const position = this.#position;
    this.#missing -= payload.length;
    this.#position += payload.length;
    this.#handlers.data(position, payload);
    return bytes.subarray(payload.length);
  }

  #readHeader(bytes: Buffer): Buffer {
    const wanted = HEADER_BYTES - this.#part.length;
    const header = this.#part.length === 0 ? bytes : Buffer.concat([this.#part, bytes.subarray(0, wanted)]);
    if (header.length < HEADER_BYTES) {
      // A copy: the carrier's buffer is much larger.
      this.#part = Buffer.from(header);
      return bytes.subarray(bytes.length);
    }
    this.#part = Buffer.alloc(0);
    this.#take(header.readUInt8(0), header.readUIntBE(1, 3), header.readUIntBE(4, 6));
    return bytes.subarray(wanted);
  }

  #take(kind: number, length: number, position: number): void {
    if (kind === FRAME.data && length > 0 && length <= MOST_PAYLOAD_BYTES) {
      this.#missing = length;
      this.#position = position;
    } else if (kind > FRAME.data && kind <= FRAME.close && length === 0) {
      this.#handlers.control(kind as Exclude<FrameKind, 1>, position);
    } else {
      throw new FrameFault(`no frame: kind ${kind}, ${length} bytes`);
    }
  }
}
