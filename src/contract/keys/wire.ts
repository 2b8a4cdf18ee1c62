/** SSH's wire values (RFC 4251 §5): what public keys, key files and agents are written in. */
import { Explained } from '../explained.ts';

/** Reads values in order. Throws where a length runs over the end: the bytes are damaged. */
export class WireReader {
  readonly #bytes: Buffer;
  readonly #name: string;
  #at = 0;

  /** `name` is what an error calls the bytes. */
  constructor(bytes: Buffer, name = 'the data') {
    this.#bytes = bytes;
    this.#name = name;
  }

  byte(): number {
    return this.#take(1).readUInt8();
  }

  uint32(): number {
    return this.#take(4).readUInt32BE();
  }

  string(): Buffer {
    return this.#take(this.uint32());
  }

  text(): string {
    return this.string().toString('utf8');
  }

  rest(): Buffer {
    return this.#take(this.#bytes.length - this.#at);
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Explained(`${this.#name} is cut short`);
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/** Writes values one after the other: a number as uint32, everything else as a string with its length before it. */
export function toWire(...values: (number | string | Buffer)[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      if (typeof value === 'number') return toUint32(value);
      const bytes = Buffer.from(value as string);
      return Buffer.concat([toUint32(bytes.length), bytes]);
    }),
  );
}

/** The bytes of an mpint: no leading zeros but the one that keeps the number positive. */
export function toMpint(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const shortest = first === -1 ? Buffer.alloc(0) : bytes.subarray(first);
  return (shortest[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), shortest]) : shortest;
}

function toUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
