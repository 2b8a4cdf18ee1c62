/** Decides which text from a cluster may go to a terminal: only text that does nothing but show. */
import { stripVTControlCharacters } from 'node:util';

/**
 * What a terminal obeys instead of showing it: C0, DEL and C1, the two line ends of Unicode, and what turns the
 * direction of a line around, so that it reads otherwise than it is.
 */
const UNPRINTABLE = '\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff';
const ANY = new RegExp(`[${UNPRINTABLE}]`);
const RUNS = new RegExp(`[${UNPRINTABLE}]+`, 'g');
const EACH_BUT_LINE_ENDS = new RegExp(`(?!\\n)[${UNPRINTABLE}]`, 'g');
/** Characters that JSON may hold as they are, though a terminal obeys them. */
const RAW_IN_JSON = new RegExp(`[${UNPRINTABLE.replace('\\x00-\\x1f', '')}]`, 'g');

/** Whether a terminal shows the text as it is, on one line. */
export function isPrintable(text: string): boolean {
  return !ANY.test(text);
}

/**
 * Texts of other programs and of the cluster may hold control sequences; a terminal must not obey them. Line ends stay
 * unless `oneLine`.
 */
export function toPrintable(text: string, { oneLine = false }: { oneLine?: boolean } = {}): string {
  return stripVTControlCharacters(text).replace(oneLine ? RUNS : EACH_BUT_LINE_ENDS, ' ');
}

/** The same document for a parser, without anything that a terminal would obey. */
export function toPrintableJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  return text.replace(RAW_IN_JSON, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Characters that nobody sees: blanks but the common one, and what is only a hint for drawing. */
const UNSEEN = /(?! )[\p{Zs}\p{Cf}\p{Cs}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0]/u;
/** Joins and presentations of a character before them, as emoji and scripts of India have them. */
const JOINED = /[\u200c\u200d\ufe0e\ufe0f]/u;
/** The flags of England, Scotland and Wales are a black one with letters behind it that nobody sees. */
const FLAG = /[\u{1f3f4}\u{e0020}-\u{e007f}]/u;

/** The most that is shown of a typed text. */
const SHOWN_CHARACTERS = 200;

/**
 * What somebody typed, in quotes and so that it can be recognized: letters of any script as they are, and what a
 * terminal would obey or nobody would see as the escape that JSON has for it.
 */
export function toQuoted(text: string): string {
  const characters = [...text];
  const shown = characters.slice(0, SHOWN_CHARACTERS).join('');
  const more = characters.length - SHOWN_CHARACTERS;
  return `"${toVisible(shown.replaceAll(/["\\]/g, '\\$&')).replaceAll('\n', '\\n')}"${more > 0 ? ` and ${more} more characters` : ''}`;
}

/** The same without quotes, on as many lines as it has: for a sentence of ours that has a typed word in it. */
export function toVisible(text: string): string {
  const characters = [...text];
  return characters
    .map((character, index) => {
      const before = characters[index - 1];
      if (character === '\n' || belongsTo(before, character)) return character;
      return isPrintable(character) && !UNSEEN.test(character) ? character : toEscape(character);
    })
    .join('');
}

/** Whether what nobody sees is a part of the character before it. */
function belongsTo(before: string | undefined, character: string): boolean {
  if (before === undefined) return false;
  if (JOINED.test(character)) return /[^\x00-\x7f]/.test(before);
  return FLAG.test(before) && /[\u{e0020}-\u{e007f}]/u.test(character);
}

function toEscape(character: string): string {
  const known = JSON.stringify(character).slice(1, -1);
  if (known.startsWith('\\') && known.length === 2) return known;
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
