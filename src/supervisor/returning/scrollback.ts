/** What a pane showed: made small for the home, and taken back from there by whoever may have written it. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

/** What `capture-pane` takes, and of that the last bytes. */
export const MOST_LINES = 5000;
const MOST_BYTES = 2 ** 20;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Level 1: a pane that prints all the time must not cost the workspace its processor. */
export function packScrollback(text: string): Promise<Buffer> {
  return pack(toLastLines(text), { level: 1 });
}

/** Rejects what is no such text, or far too much. */
export async function unpackScrollback(bytes: Buffer): Promise<string> {
  return toPlain((await unpack(bytes, { maxOutputLength: 4 * MOST_BYTES })).toString('utf8'));
}

/** The end of a text, from a line's beginning; without the empty lines below, which are the rest of the screen. */
export function toLastLines(text: string): string {
  const bytes = Buffer.from(text.trimEnd(), 'utf8');
  if (bytes.length <= MOST_BYTES) return bytes.toString('utf8');
  const from = bytes.indexOf(0x0a, bytes.length - MOST_BYTES);
  return bytes.subarray(from + 1).toString('utf8');
}

/** Colours, as `capture-pane -e` writes them. */
const COLOUR = /^\x1b\[[0-9;:]*m/;

/**
 * Letters and colours alone: no sequence that moves a cursor, names a window, reaches the clipboard, or makes the
 * terminal type an answer.
 */
export function toPlain(text: string): string {
  return toLastLines(
    text
      .split('\n')
      .slice(-MOST_LINES)
      .map((line) =>
        line
          // A sequence with a text of its own, as of a link, goes as a whole.
          .replaceAll(/\x1b[\]PX^_].*?(?:\x1b\\|\x07|$)/g, '')
          .replaceAll(/\x1b(?:\[[0-9;:?<=>]*[@-~])?|[\p{Cc}\p{Zl}\p{Zp}]/gu, (match) =>
            match === '\t' || COLOUR.test(match) ? match : '',
          ),
      )
      .join('\n'),
  );
}
