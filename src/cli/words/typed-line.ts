import type { Command, Program, Word } from '../../workspace/errors/suggestion.ts';
import type { Token } from './tokens.ts';

/** Other words in the place of some, from `at` to `until`. */
export interface Change {
  at: number;
  until?: number;
  words: readonly Word[];
}

/** A command line as it was typed, from the command's name on, to be proposed again with a word mended. */
export class TypedLine {
  /** As the manifest has it: `keys:add`. */
  readonly id: string;
  /** What stands behind the command's name. */
  readonly words: readonly string[];

  constructor(id: string, words: readonly string[]) {
    this.id = id;
    this.words = words;
  }

  /** `ws keys add` */
  get name(): string {
    return ['ws', ...this.id.split(':')].join(' ');
  }

  /** The whole line with other words in the place of some, as often as there are some. */
  with(...changes: Change[]): Command {
    const words: Word[] = [...this.words];
    for (const { at, until = at, words: others } of changes.toSorted((a, b) => b.at - a.at))
      words.splice(at, until - at + 1, ...others);
    if (words.at(-1) === '--') words.pop();
    return asTyped([...this.id.split(':'), ...words]);
  }

  /** The whole line with these of its words as one, quoted: a text of several words was meant. */
  withOneWord(at: readonly number[]): Command {
    const [first, ...others] = at;
    if (first === undefined) return this.with();
    const text = at.map((index) => this.words[index] ?? '').join(' ');
    return this.with({ at: first, words: [text] }, ...others.map((index) => ({ at: index, words: [] })));
  }

  /** The whole line with words more, before what belongs to another program. */
  and(...more: Word[]): Command {
    const dashes = this.words.indexOf('--');
    const at = dashes < 0 ? this.words.length : dashes;
    return asTyped([...this.id.split(':'), ...this.words.slice(0, at), ...more, ...this.words.slice(at)]);
  }
}

/** Takes a flag out of the line, and its value; letters that share its word stay. */
export function leaveOut(token: Extract<Token, { kind: 'switch' | 'option' }>, words: readonly string[]): Change {
  const { at, typed } = token;
  const word = words[at] ?? '';
  const letter = typed.slice(1);
  const isShared = /^-[^-]./.test(word) && letter.length === 1;
  const place = word.indexOf(letter, 1);
  const rest = isShared ? word.slice(0, place) + (token.kind === 'switch' ? word.slice(place + 1) : '') : '-';
  return { at, until: token.kind === 'option' ? token.until : at, words: rest === '-' ? [] : [rest] };
}

/** A line whose words are all there: the place and the workspace were typed, or they were not meant. */
export function asTyped(words: readonly Word[], program: Program = 'ws'): Command {
  return { program, words, again: { verb: 'whole' } };
}
