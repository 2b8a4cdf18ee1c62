/** Sentences for a person, broken at spaces where a terminal ends: the terminal would break words. */
import type { Writable } from 'node:stream';
import { toPrintable } from '../workspace/errors/printable.ts';
import { maskSecrets } from '../workspace/errors/secrets.ts';
import { countColumns } from './columns.ts';
import { say } from './leaving.ts';
import { writeProgressLine } from './progress/json-reporter.ts';
import { wrap } from './wrap.ts';

/** A stream that has columns is a terminal. */
type Stream = Writable & { columns?: number };

export interface Note {
  /** A sentence without a command, which would be broken where the line ends. */
  text: string;
  /** What to type next, as it is copied. */
  command?: string;
}

/** Who reads stderr: a person, a program that parses each line, or somebody who wants errors alone. */
export type Reader = 'person' | 'program' | 'nobody';

let reader: Reader = 'person';

/** As `--progress` says it, for all of this process. */
export function setReader(next: Reader): void {
  reader = next;
}

/** What somebody should know beside the result. A command has a line of its own, which is never broken. */
export function sayNote(stream: Stream, { text, command }: Note): void {
  if (reader === 'nobody') return;
  if (reader === 'program') return notice(stream, 'warning', { text, ...(command && { suggestion: command }) });
  const lines = [...fit(`Note: ${text}`, stream.columns), ...(command === undefined ? [] : [command])];
  say(stream, `${lines.join('\n  ')}\n`);
}

/** A line that whoever reads it needs at once, such as a credential plugin's. */
export function sayAside(stream: Stream, text: string): void {
  if (reader === 'program') notice(stream, 'info', { text });
  else sayLine(stream, text);
}

/** A line for a person, broken at spaces where it is longer than the terminal is wide. */
export function sayLine(stream: Stream, text: string): void {
  say(stream, `${fit(toPrintable(text, { oneLine: true }), stream.columns).join('\n  ')}\n`);
}

/** What to type, behind the words that lead to it, or below them where both are too wide: no command is broken. */
export function leadTo(words: string, command: string, columns: number | undefined): string[] {
  const line = `${words}: ${command}`;
  if (!columns || countColumns(line) <= columns) return [line];
  const indent = ' '.repeat(words.length - words.trimStart().length);
  const lead = wrap(`${words.trimStart()}:`, columns - indent.length);
  return [...lead, `  ${command}`].map((part) => indent + part);
}

function notice(stream: Stream, level: 'info' | 'warning', said: { text: string; suggestion?: string }): void {
  writeProgressLine(stream, { type: 'noticed', level, notice: { kind: 'text', ...said } }, Date.now());
}

/** The lines of a sentence, for so many columns; one line where nobody says how many there are. */
export function fit(text: string, columns: number | undefined): string[] {
  // A secret that is broken in two would no longer be known as one.
  const masked = maskSecrets(text);
  return columns ? wrap(masked, columns - 2) : [masked];
}
