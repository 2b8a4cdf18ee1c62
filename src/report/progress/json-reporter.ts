import type { Writable } from 'node:stream';
import { writeDocument } from '../leaving.ts';
import { JSON_VERSION, spellAll } from '../results/result-document.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

/** One JSON object a line, as the events come: for programs that run `ws`. */
export function createJsonReporter({ stream, nowMs, spell }: ReporterOptions): Reporter {
  return {
    event: (event) => writeProgressLine(stream, spellAll(event, spell) as object, nowMs()),
    suspend: async () => undefined,
    resume: () => undefined,
    fail: () => undefined,
    close: async () => undefined,
  };
}

/** Writes one such line: what happened, its suggestions spelled, and when. */
export function writeProgressLine(stream: Writable, event: object, nowMs: number): void {
  writeDocument(stream, { v: JSON_VERSION, time: new Date(nowMs).toISOString(), ...event });
}
