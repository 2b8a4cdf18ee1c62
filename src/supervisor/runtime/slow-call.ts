import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A call to a volume that may not answer. It waits in a thread of Node's pool, of which there are four, so there is
 * never more than one at a time, and `get` gives the last answer when the next one is late.
 */
export class SlowCall<Value> {
  readonly #call: () => Promise<Value>;
  #pending: Promise<void> | undefined;
  #last: Value | undefined;

  constructor(call: () => Promise<Value>) {
    this.#call = call;
  }

  /** Undefined when no answer ever came, or when the last one was an error. */
  async get(limitMs: number): Promise<Value | undefined> {
    this.#pending ??= this.#run();
    await Promise.race([this.#pending, sleep(limitMs, undefined, { ref: false })]);
    return this.#last;
  }

  async #run(): Promise<void> {
    try {
      this.#last = await awaitVolume(this.#call);
    } catch {
      this.#last = undefined;
    } finally {
      this.#pending = undefined;
    }
  }
}

/** Runs a call to a volume, and marks it as under way meanwhile. */
export async function awaitVolume<Value>(ask: () => Promise<Value>): Promise<Value> {
  waiting += 1;
  try {
    return await ask();
  } finally {
    waiting -= 1;
  }
}

let waiting = 0;

/** Whether a thread of Node's waits for a volume. Node's own end would wait for the thread, and so for the volume. */
export function isVolumeAwaited(): boolean {
  return waiting > 0;
}
