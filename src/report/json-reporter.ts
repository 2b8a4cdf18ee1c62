import type { Reporter, ReporterOptions } from './reporter.ts';

/** The version of what each line looks like; it changes when a reader of the old form would break. */
const VERSION = 1;

/** One JSON object a line, as the events come: for programs that run `ws`. */
export function createJsonReporter({ stream, nowMs }: ReporterOptions): Reporter {
  return {
    event: (event) =>
      void stream.write(`${JSON.stringify({ v: VERSION, time: new Date(nowMs()).toISOString(), ...event })}\n`),
    fail: () => undefined,
    close: async () => undefined,
  };
}
