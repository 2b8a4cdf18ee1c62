import type { Writable } from 'node:stream';
import { render } from 'ink';
import type { ReactNode } from 'react';
import { showCursor } from '../../leaving.ts';
import { type Gated, toGated } from './gate.ts';

/**
 * A picture that is drawn over itself, while the terminal is ours. A job in a shell's background draws nothing: it
 * would erase what others print. Back in the foreground it begins a new picture below that.
 */
export class Screen {
  readonly #stream: Writable;
  readonly #isShown: () => boolean;
  #drawn: { ink: ReturnType<typeof render>; gate: Gated<Writable> } | undefined;

  constructor(stream: Writable, isShown: () => boolean) {
    this.#stream = stream;
    this.#isShown = isShown;
  }

  /** False where nobody would see it, and nothing was drawn. */
  draw(picture: ReactNode): boolean {
    if (!this.#isShown()) {
      this.#leave();
      return false;
    }
    if (this.#drawn === undefined) this.#drawn = this.#open(picture);
    else this.#drawn.ink.rerender(picture);
    return true;
  }

  /** Takes the picture away, so that something else can stand there. */
  async clear(): Promise<void> {
    if (this.#drawn === undefined || !this.draw(null)) return;
    const { ink } = this.#drawn;
    this.#drawn = undefined;
    ink.clear();
    ink.unmount();
    await ink.waitUntilExit();
  }

  /** Draws a last picture, which stays. */
  async close(picture: ReactNode): Promise<void> {
    this.draw(picture);
    const { ink } = this.#drawn ?? {};
    this.#drawn = undefined;
    ink?.unmount();
    await ink?.waitUntilExit();
  }

  /** Ink has one instance per stream, and knows the picture that it has drawn there last. */
  #open(picture: ReactNode) {
    const gate = toGated(this.#stream, true);
    const stdout = gate.stream as NodeJS.WriteStream;
    return { ink: render(picture, { stdout, patchConsole: false, exitOnCtrlC: false }), gate };
  }

  /** What stands there stays as it is: from now on others print below it. */
  #leave(): void {
    if (this.#drawn === undefined) return;
    const { ink, gate } = this.#drawn;
    this.#drawn = undefined;
    gate.isOpen = false;
    ink.unmount();
    showCursor(this.#stream);
  }
}
