import { isPrintable } from './printable.ts';

/**
 * A word that a POSIX shell, fish included, reads back as it is. Backslashes stand outside of the quotes, because fish
 * reads some within them. What a terminal would obey is written by bash's and zsh's escapes: nobody could copy it
 * otherwise.
 */
export function toShellWord(word: string): string {
  // zsh looks a program up for a word that begins with `=`.
  if (/^[\w@+:,./-][\w@+=:,./-]*$/.test(word)) return word;
  if (!isPrintable(word)) return `$'${word.replace(/[\\']|[^\x20-\x7e]/gu, toEscape)}'`;
  return `'${word.replace(/['\\]/g, (character) => `'\\${character}'`)}'`;
}

function toEscape(character: string): string {
  if (character === '\\' || character === "'") return `\\${character}`;
  // Three digits each: what follows may be a digit as well.
  return [...Buffer.from(character, 'utf8')].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
