import { FrameFault } from './frames.ts';

/** What was sent and is not acknowledged, as the chunks that were sent: nothing is copied. */
export class ReplayBuffer {
  /** Where the first chunk begins that is kept. */
  #start = 0;
  #chunks: Buffer[] = [];
  #next = 0;

  /** The position after the last byte. */
  get next(): number {
    return this.#next;
  }

  get keptBytes(): number {
    return this.#next - this.#start;
  }

  /** The position of the chunk's first byte. */
  add(chunk: Buffer): number {
    const position = this.#next;
    this.#chunks.push(chunk);
    this.#next += chunk.length;
    return position;
  }

  /** Forgets what is before this position. Throws `FrameFault` for one that nobody can have reached. */
  forget(position: number): void {
    if (position > this.#next) throw new FrameFault(`${position} is acknowledged, ${this.#next} was sent`);
    let count = 0;
    for (const chunk of this.#chunks) {
      if (this.#start + chunk.length > position) break;
      this.#start += chunk.length;
      count += 1;
    }
    if (count > 0) this.#chunks.splice(0, count);
    const [first] = this.#chunks;
    if (first === undefined || position <= this.#start) return;
    this.#chunks[0] = first.subarray(position - this.#start);
    this.#start = position;
  }

  /** What there is from this position on. Throws `FrameFault` for a position that is forgotten, or was never sent. */
  *from(position: number): Generator<{ position: number; chunk: Buffer }> {
    if (position < this.#start || position > this.#next)
      throw new FrameFault(`${position} is not among ${this.#start} to ${this.#next}`);
    let at = this.#start;
    for (const chunk of this.#chunks) {
      const skipped = Math.max(0, position - at);
      if (skipped < chunk.length) yield { position: at + skipped, chunk: chunk.subarray(skipped) };
      at += chunk.length;
    }
  }

  clear(): void {
    this.#chunks = [];
    this.#start = this.#next;
  }
}
