/** The line that somebody types in bash, and how a word has to be written into it. */

type Quote = '' | "'" | '"';

export interface BashLine {
  /** The words after the program's name up to the cursor, the one at the cursor included, without their quotes. */
  words: string[];
  /**
   * The beginning of the current word that bash leaves as it is. It replaces the rest: what follows the last word break
   * outside of quotes, or an open quote.
   */
  kept: string;
  /** The quote that is open at the cursor. */
  quote: Quote;
}

/** Reads the line as bash does; `breaks` is its COMP_WORDBREAKS. */
export function readBashLine(line: string, breaks: string): BashLine {
  const words: string[] = [];
  let word: string | undefined;
  let kept = '';
  let quote: Quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    const next = line[at + 1];
    if (quote === "'" && character !== "'") word = (word ?? '') + character;
    else if (character === '\\' && next !== undefined && (quote === '' || /["\\$`]/.test(next))) {
      word = (word ?? '') + next;
      at += 1;
    } else if (character === quote) quote = '';
    else if (quote === '' && (character === "'" || character === '"')) {
      quote = character;
      word ??= '';
      kept = word;
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      kept = '';
    } else {
      word = (word ?? '') + character;
      if (quote === '' && breaks.includes(character)) kept = word;
    }
  }
  return { words: [...words.slice(1), word ?? ''], kept, quote };
}

/** The text that bash has to insert for a word; undefined when it does not go on from what was typed. */
export function writeBashWord(word: string, { kept, quote }: BashLine): string | undefined {
  if (!word.startsWith(kept)) return undefined;
  const rest = word.slice(kept.length);
  if (quote === "'") return rest.replaceAll("'", "'\\''");
  if (quote === '"') return rest.replace(/["\\$`]/g, '\\$&');
  return rest.replace(/[^\w@%+=:,./\-\u0080-\u{10ffff}]/gu, '\\$&');
}
