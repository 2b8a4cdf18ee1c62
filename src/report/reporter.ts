import type { Writable } from 'node:stream';
import type { ProgressEvent } from '../workspace/events.ts';
import { createJsonReporter } from './json-reporter.ts';
import { createPlainReporter } from './plain-reporter.ts';

/** Shows an operation's events. After `close` has resolved, the stream is free for others. */
export interface Reporter {
  event(event: ProgressEvent): void;
  /** The operation threw; the error itself is shown by whoever caught it. */
  fail(error: unknown): void;
  close(): Promise<void>;
}

export interface ReporterOptions {
  kind: 'live' | 'plain' | 'json' | 'quiet';
  /** stderr: progress is never on stdout. */
  stream: Writable & { columns?: number };
  columns: number;
  color: boolean;
  nowMs(): number;
}

/** The reporter of a kind. Ink is loaded for `live` alone. */
export async function openReporter(options: ReporterOptions): Promise<Reporter> {
  switch (options.kind) {
    case 'live': {
      const { createLiveReporter } = await import('./live-reporter.tsx');
      return createLiveReporter(options);
    }
    case 'plain':
      return createPlainReporter(options);
    case 'json':
      return createJsonReporter(options);
    case 'quiet':
      return { event: () => undefined, fail: () => undefined, close: async () => undefined };
  }
}
