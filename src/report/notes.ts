/** Sentences for a person, broken at spaces where a terminal ends: the terminal would break words. */
import type { Writable } from 'node:stream';
import { maskSecrets } from '../workspace/errors/secrets.ts';
import { say } from './leaving.ts';
import { wrap } from './wrap.ts';

/** A stream that has columns is a terminal. */
type Stream = Writable & { columns?: number };

export interface Note {
  /** A sentence without a command, which would be broken where the line ends. */
  text: string;
  /** What to type next, as it is copied. */
  command?: string;
}

/** What a person should know beside the result. A command has a line of its own, which is never broken. */
export function sayNote(stream: Stream, { text, command }: Note): void {
  const lines = [...fit(`Note: ${text}`, stream.columns), ...(command === undefined ? [] : [command])];
  say(stream, `${lines.join('\n  ')}\n`);
}

/** The lines of a sentence, for so many columns; one line where nobody says how many there are. */
export function fit(text: string, columns: number | undefined): string[] {
  // A secret that is broken in two would no longer be known as one.
  const masked = maskSecrets(text);
  return columns ? wrap(masked, columns - 2) : [masked];
}
