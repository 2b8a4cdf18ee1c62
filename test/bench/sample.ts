/**
 * What a large stream is recognised by: its size and the digest of its first and last mebibyte, cheap enough not to be
 * measured.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export const SAMPLE_BYTES = 2 ** 20;

export class Sample {
  #size = 0;
  #head: Buffer[] = [];
  #tail: Buffer[] = [];
  #tailBytes = 0;

  add(chunk: Buffer): void {
    if (this.#size < SAMPLE_BYTES) this.#head.push(chunk.subarray(0, SAMPLE_BYTES - this.#size));
    this.#size += chunk.length;
    this.#tail.push(chunk);
    this.#tailBytes += chunk.length;
    for (let first = this.#tail[0]; first && this.#tailBytes - first.length >= SAMPLE_BYTES; first = this.#tail[0]) {
      this.#tail.shift();
      this.#tailBytes -= first.length;
    }
  }

  toString(): string {
    const tail = Buffer.concat(this.#tail).subarray(-SAMPLE_BYTES);
    return describe(this.#size, Buffer.concat([...this.#head, tail]));
  }
}

/** The sample of a file of at least a mebibyte. */
export function sampleFile(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(2 * SAMPLE_BYTES);
    readSync(handle, bytes, 0, SAMPLE_BYTES, 0);
    readSync(handle, bytes, SAMPLE_BYTES, SAMPLE_BYTES, size - SAMPLE_BYTES);
    return describe(size, bytes);
  } finally {
    closeSync(handle);
  }
}

/** The shell's way to the same words. */
export function sampleCommand(file: string): string {
  const parts = `{ head -c ${SAMPLE_BYTES} ${file}; tail -c ${SAMPLE_BYTES} ${file}; }`;
  return `echo $(stat -c %s ${file}) bytes, sha256 $(${parts} | sha256sum | cut -d' ' -f1)`;
}

function describe(size: number, bytes: Buffer): string {
  return `${size} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex')}`;
}
