import { createJsonReporter } from './json-reporter.ts';
import { createPatientReporter } from './patient-reporter.ts';
import { createPlainReporter } from './plain-reporter.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';
import { createSparingReporter } from './sparing-reporter.ts';

/** The reporter of a kind. */
export function openReporter(options: ReporterOptions): Reporter {
  switch (options.kind) {
    case 'live':
      return createPatientReporter(options);
    case 'plain':
      return createPlainReporter(options);
    case 'json':
      return createJsonReporter(options);
    case 'sparing':
      return createSparingReporter(options);
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
