/**
 * How wide a text is on a terminal: letters of China, Japan and Korea and most pictures take two columns, and accents
 * that stand for themselves take none. A picture may be many characters, so it is clusters that are counted.
 *
 * string-width, which Ink counts by, does the same, but makes its segmenter when it is loaded: 11 ms of
 * processor time for each command.
 */
import { eastAsianWidth } from 'get-east-asian-width';
import { toSigns } from './signs.ts';

/** Nearly all that is ever printed: a column each. */
const PLAIN = /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2190-\u2193\u25cb\u25cf\u2713\u2717\u276f]*$/;

/** What is seen at all: neither a mark on another character, nor a hint for drawing. */
const SEEN =
  /[^\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Surrogate}]/v;

/** What follows a letter in a column of its own: marks of India's scripts, and those of Japanese in half width. */
const NEXT_COLUMN = /[\p{Spacing_Mark}\uff9e\uff9f]/gu;

/** Made when the first text needs them: the list of all pictures takes 20 ms of processor time to read. */
let segmenter: Intl.Segmenter | undefined;
let picture: RegExp | undefined;

/** The columns of a text that has no control sequences. */
export function countColumns(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return splitClusters(text).reduce((sum, cluster) => sum + widthOf(cluster), 0);
}

/** The text with blanks up to a column. */
export function padColumns(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - countColumns(text)));
}

/** The longest beginning that fits, no cluster of it cut. */
export function takeColumns(text: string, columns: number): string {
  if (PLAIN.test(text)) return text.slice(0, Math.max(0, columns));
  let taken = '';
  let room = columns;
  for (const cluster of splitClusters(text)) {
    room -= widthOf(cluster);
    if (room < 0) break;
    taken += cluster;
  }
  return taken;
}

/** A text of at most `width` columns. What is missing at its end is marked. */
export function cut(text: string, width: number): string {
  if (countColumns(text) <= width) return text;
  const mark = toSigns('…').slice(0, Math.max(0, width));
  return takeColumns(text, width - mark.length) + mark;
}

function splitClusters(text: string): string[] {
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function widthOf(cluster: string): number {
  picture ??= /^\p{RGI_Emoji}$/v;
  if (picture.test(cluster)) return 2;
  const seen = SEEN.exec(cluster)?.[0].codePointAt(0);
  if (seen === undefined) return 0;
  return eastAsianWidth(seen) + (cluster.slice(1).match(NEXT_COLUMN)?.length ?? 0);
}
