import type { ProgressEvent } from '../../workspace/state/events.ts';
import { writeDocument } from '../leaving.ts';
import { JSON_VERSION, spellAll } from '../results/result-document.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

/** One JSON object a line, as the events come: for programs that run `ws`. */
export function createJsonReporter({ stream, nowMs, spell }: ReporterOptions): Reporter {
  return {
    event: (event) => {
      const time = new Date(nowMs()).toISOString();
      writeDocument(stream, { v: JSON_VERSION, time, ...(spellAll(event, spell) as ProgressEvent) });
    },
    suspend: async () => undefined,
    resume: () => undefined,
    fail: () => undefined,
    close: async () => undefined,
  };
}
