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
