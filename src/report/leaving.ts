/**
 * Where text leaves for people and programs: the only file that writes to a stream of the process. What is said is
 * printable but for colours of our own, and holds no secret that can be told by its form.
 */
import type { Writable } from 'node:stream';
import { toPrintable, toPrintableJson } from '../workspace/errors/printable.ts';
import { maskSecrets } from '../workspace/errors/secrets.ts';
import { toSigns } from './signs.ts';

/** The colours that `report/` uses, and tabs; none of them hides, moves or asks anything. */
const OWN_SEQUENCES = /(\x1b\[(?:0|1|2|22|31|32|33|36|39)m|\t)/;

/** Text for a person, as it may be written to a terminal. */
export function toSaid(text: string): string {
  return toSigns(maskSecrets(text))
    .split(OWN_SEQUENCES)
    .map((part, index) => (index % 2 === 1 ? part : toPrintable(part)))
    .join('');
}

/** Says a text to a person. */
export function say(stream: Writable, text: string): void {
  stream.write(toSaid(text));
}

/** Says a line while a shell has the terminal, perhaps in raw mode: a line then begins only where it is told to. */
export function sayAmid(stream: Writable, text: string): void {
  stream.write(`\r\n${toPrintable(toSaid(text), { oneLine: true })}\r\n`);
}

/** Erases the line of the cursor and those above it, and stays there. */
export function eraseLines(stream: Writable, count: number): void {
  stream.write('\x1b[2K\x1b[1A'.repeat(count));
}

/** Undoes what a picture did that nobody takes away any more. */
export function showCursor(stream: Writable): void {
  stream.write('\x1b[?25h');
}

/** A document for programs: its strings as they are but for secrets, and nothing in it that a terminal obeys. */
export function toDocument(value: unknown, indent?: number): string {
  return toPrintableJson(JSON.parse(JSON.stringify(value) ?? 'null', maskString), indent);
}

/** Writes a document on lines of its own. */
export function writeDocument(stream: Writable, value: unknown, indent?: number): void {
  stream.write(`${toDocument(value, indent)}\n`);
}

/** Passes bytes to a program as they are. A terminal in its place gets printable text. */
export function handOn(stream: Writable & { isTTY?: boolean }, bytes: string | Buffer): void {
  if (stream.isTTY === true) say(stream, bytes.toString('utf8' as BufferEncoding));
  else stream.write(bytes);
}

function maskString(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? maskSecrets(value) : value;
}
