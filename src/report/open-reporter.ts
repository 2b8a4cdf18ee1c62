import { createJsonReporter } from './json-reporter.ts';
import { createPlainReporter } from './plain-reporter.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

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
      return {
        event: () => undefined,
        suspend: async () => undefined,
        resume: () => undefined,
        fail: () => undefined,
        close: async () => undefined,
      };
  }
}
