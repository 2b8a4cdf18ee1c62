import { isPrintable } from './printable.ts';

/**
 * A word that a POSIX shell, fish included, reads back as it is. Backslashes stand outside of the quotes, because fish reads
 * some within them. What a terminal would obey is written by bash's and zsh's escapes: nobody could copy it otherwise.
 */
export function toShellWord(word: string): string {
  // zsh looks a program up for a word that begins with `=`.
  if (/^[\w@+:,./-][\w@+=:,./-]*$/.test(word)) return word;
  if (!isPrintable(word)) return `$'${word.replace(/[\\']|[^\x20-\x7e]/gu, toEscape)}'`;
  return `'${word.replace(/['\\]/g, (character) => `'\\${character}'`)}'`;
}

/** A command line of these words. */
export function toShellWords(words: string[]): string {
  return words.map(toShellWord).join(' ');
}

/**
 * A command to copy: what is put in is one word, whatever it holds, and a list is as many. What stands behind three spaces and in
 * parentheses is said of it, and no part of it.
 */
export function command(parts: TemplateStringsArray, ...holes: (string | number | string[])[]): string {
  return parts.reduce((line, part, index) => {
    const hole = holes[index - 1] ?? '';
    const words = Array.isArray(hole) ? hole : [String(hole)];
    return line + words.map(toFilledWord).join(' ') + part;
  });
}

/** In quotes, a `--` that is put in does not look like the one of the command line, behind which no flag is added. */
function toFilledWord(word: string): string {
  return word === '--' ? "'--'" : toShellWord(word);
}

/** The words that a shell would read, and where in the text each begins; undefined for what is no complete list of plain words. */
export function readShellWords(text: string): { word: string; at: number }[] | undefined {
  const words: { word: string; at: number }[] = [];
  const token = /'([^']*)'|"((?:[^"\\$`]|\\[^])*)"|\\([^])|([^\s'"\\$`;&|<>()*?[\]{}#!]|(?<=[^\s])[#!])/gy;
  let current: { word: string; at: number } | undefined;
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at] ?? '')) {
      if (current !== undefined) words.push(current);
      current = undefined;
      at += 1;
      continue;
    }
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) return undefined;
    const [whole, single, double, escaped, plain] = match;
    current ??= { word: '', at };
    current.word += single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '';
    at += whole.length;
  }
  return current === undefined ? words : [...words, current];
}

function toEscape(character: string): string {
  if (character === '\\' || character === "'") return `\\${character}`;
  // Three digits each: what follows may be a digit as well.
  return [...Buffer.from(character, 'utf8')].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
