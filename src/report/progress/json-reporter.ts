import { writeDocument } from '../leaving.ts';
import { JSON_VERSION } from '../results/result-document.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

/** One JSON object a line, as the events come: for programs that run `ws`. */
export function createJsonReporter({ stream, nowMs }: ReporterOptions): Reporter {
  return {
    event: (event) => writeDocument(stream, { v: JSON_VERSION, time: new Date(nowMs()).toISOString(), ...event }),
    suspend: async () => undefined,
    resume: () => undefined,
    fail: () => undefined,
    close: async () => undefined,
  };
}
