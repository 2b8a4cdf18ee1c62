/**
 * What a remote program switched on in the terminal and did not switch off, because it or the connection died: the
 * mouse, bracketed paste, the alternate screen, a hidden cursor. Only what was seen is undone, since some resets (the
 * alternate screen's) disturb a terminal that does not need them.
 */

/** xterm's private modes that are off in a fresh terminal; all others are left alone. */
const OFF_BY_DEFAULT = new Set([
  1, 9, 47, 66, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016, 1047, 1048, 1049, 2004, 2026, 2027, 2031,
  2048,
]);
/** The modes that are on in a fresh terminal: wrapping at the margin and the cursor. */
const ON_BY_DEFAULT = new Set([7, 25]);

/** What line editors turn on. */
const CURSOR_KEYS = 1;
const BRACKETED_PASTE = 2004;

/** Longest sequence that may be cut between two chunks. */
const CUT_LIMIT_BYTES = 64;

const ESCAPE = 0x1b;
const SEQUENCE =
  /\x1b(?:\[\?(?<modes>[\d;]{1,40})(?<set>[hl])|\[(?<keys>[><=])[\d;]{0,10}u|(?<keypad>[=>])|(?<reset>c))/g;

export class ModeTracker {
  readonly #changed = new Set<number>();
  #keyboardLevels = 0;
  #isKeypadOn = false;
  #cut = '';

  /** Watches a chunk on its way to the terminal. */
  watch(chunk: Buffer): void {
    if (this.#cut === '' && !chunk.includes(ESCAPE)) return;
    const text = this.#cut + chunk.toString('latin1');
    let end = 0;
    for (const match of text.matchAll(SEQUENCE)) {
      this.#note(match.groups ?? {});
      end = match.index + match[0].length;
    }
    const last = text.lastIndexOf('\x1b');
    const rest = last >= end ? text.slice(last) : '';
    this.#cut = rest.length < CUT_LIMIT_BYTES && /^\x1b(?:\[[?><=]?[\d;]*)?$/.test(rest) ? rest : '';
  }

  /** Whether nothing on the terminal looks like a program of its own, which draws where it likes: a prompt at most. */
  get isPlain(): boolean {
    return ![...this.#changed].some((mode) => mode !== BRACKETED_PASTE && mode !== CURSOR_KEYS);
  }

  /** The sequences that bring the terminal back; '' when nothing was left on. */
  toReset(): string {
    const modes = [...this.#changed]
      // The alternate screen is left last: the rest belongs to it.
      .toSorted((a, b) => Number(isScreen(a)) - Number(isScreen(b)))
      .map((mode) => `\x1b[?${mode}${ON_BY_DEFAULT.has(mode) ? 'h' : 'l'}`);
    const keyboard = this.#keyboardLevels > 0 ? `\x1b[<${this.#keyboardLevels}u` : '';
    const keypad = this.#isKeypadOn ? '\x1b>' : '';
    const all = [keyboard, keypad, ...modes].join('');
    return all === '' ? '' : `${all}\x1b[0m`;
  }

  #note(found: Record<string, string | undefined>): void {
    if (found.reset !== undefined) {
      this.#changed.clear();
      this.#keyboardLevels = 0;
      this.#isKeypadOn = false;
    } else if (found.keypad !== undefined) this.#isKeypadOn = found.keypad === '=';
    else if (found.keys === '>') this.#keyboardLevels += 1;
    else if (found.keys === '<') this.#keyboardLevels = Math.max(0, this.#keyboardLevels - 1);
    else for (const mode of (found.modes ?? '').split(';')) this.#noteMode(Number(mode), found.set === 'h');
  }

  #noteMode(mode: number, isOn: boolean): void {
    if (!OFF_BY_DEFAULT.has(mode) && !ON_BY_DEFAULT.has(mode)) return;
    if (isOn === ON_BY_DEFAULT.has(mode)) this.#changed.delete(mode);
    else this.#changed.add(mode);
  }
}

function isScreen(mode: number): boolean {
  return mode === 47 || mode === 1047 || mode === 1049;
}
