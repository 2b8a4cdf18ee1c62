/** Gathers events from many sources for one reader, who gets them in order and misses none. */
export class Mailbox<Event> implements AsyncIterable<Event> {
  readonly #events: Event[] = [];
  #news = Promise.withResolvers<void>();
  #isClosed = false;

  push(event: Event): void {
    this.#events.push(event);
    this.#news.resolve();
  }

  /** What was pushed is still read; then the reader is done. */
  close(): void {
    this.#isClosed = true;
    this.#news.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, void> {
    for (;;) {
      for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) yield event;
      if (this.#isClosed) return;
      await this.#news.promise;
      this.#news = Promise.withResolvers();
    }
  }
}
