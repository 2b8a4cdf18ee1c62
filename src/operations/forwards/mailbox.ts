import type { ProgressEvent } from '../../workspace/state/events.ts';

/** Gathers events from many sources for the one generator that yields them. */
export class Mailbox {
  #events: ProgressEvent[] = [];
  #woken = Promise.withResolvers<void>();

  push(event: ProgressEvent): void {
    this.#events.push(event);
    this.wake();
  }

  /** Something else has changed that the reader should look at. */
  wake(): void {
    this.#woken.resolve();
  }

  /** Resolves once there was a push or a wake since the last time. */
  async wait(): Promise<void> {
    await this.#woken.promise;
    this.#woken = Promise.withResolvers();
  }

  take(): ProgressEvent[] {
    return this.#events.splice(0);
  }
}
