import { PassThrough, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { vi } from 'vitest';

const STYLES: Record<string, string> = {
  1: 'bold',
  2: 'dim',
  7: 'inverse',
  22: '/',
  27: '/',
  31: 'red',
  32: 'green',
  33: 'yellow',
  36: 'cyan',
  39: '/',
};

/** A terminal to draw on: what a person sees of it after everything that was written. */
export class Screen extends Writable {
  readonly isTTY = true;
  columns: number;
  readonly rows: number;
  isCursorHidden = false;
  #lines: string[] = [''];
  #row = 0;

  constructor(columns = 80, rows = 24) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
  }

  /** A narrower window, which breaks the lines that stand there as most terminals do. */
  resize(columns: number): void {
    const broken = this.#lines.map((line) => line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? ['']);
    this.#row = broken.slice(0, this.#row + 1).flat().length - 1;
    this.#lines = broken.flat();
    this.columns = columns;
    this.emit('resize');
  }

  /** The picture, without blank lines below it. */
  get text(): string {
    return stripVTControlCharacters(this.#picture);
  }

  /** The same with its styles in words: `{red}✗{/}`. */
  get styled(): string {
    return this.#picture.replace(/\x1b\[(\d+)m/g, (_, code: string) => `{${STYLES[code] ?? code}}`);
  }

  get #picture(): string {
    return this.#lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  }

  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    const parts = chunk.toString().split(/(\x1b\[\??[\d;]*[A-Za-z]|\r?\n)/);
    for (const part of parts) this.#put(part);
    done();
  }

  #put(part: string): void {
    const [, mode, amount, command] = /^\x1b\[(\??)([\d;]*)([A-Za-z])$/.exec(part) ?? [];
    if (part.endsWith('\n')) this.#goTo(this.#row + 1);
    else if (command === undefined || command === 'm') this.#lines[this.#row] += part;
    else if (mode === '?') this.isCursorHidden = amount === '25' ? command === 'l' : this.isCursorHidden;
    else if (command === 'A') this.#goTo(this.#row - Number(amount || 1));
    else if (command === 'B') this.#goTo(this.#row + Number(amount || 1));
    else if (command === 'K') this.#lines[this.#row] = '';
    else if (command === 'J') this.#lines.length = this.#row + 1;
    // To the line's start: Ink only goes there to write the line anew.
    else if (command !== 'G') throw new Error(`the screen does not know ${JSON.stringify(part)}`);
  }

  #goTo(row: number): void {
    this.#row = Math.max(0, row);
    while (this.#lines.length <= this.#row) this.#lines.push('');
  }
}

/** A keyboard in raw mode, to type on. */
export class Keyboard extends PassThrough {
  readonly isTTY = true;
  isRaw = false;

  setRawMode(on: boolean): this {
    this.isRaw = on;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  /** Types one key after the other, each as its own burst. Vitest's timers stand in for the clock. */
  async type(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.write(key);
      await vi.advanceTimersByTimeAsync(30);
    }
  }
}

export const ENTER = '\r';
export const ESCAPE = '\x1b';
export const DOWN = '\x1b[B';
export const CTRL_C = '\x03';
