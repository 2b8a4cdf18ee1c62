import { toPrintable } from '../../workspace/errors/printable.ts';
import type { Fact, Notice, ProgressEvent } from '../../workspace/state/events.ts';
import { say } from '../leaving.ts';
import { foldLine, toNoticeLines, withFact } from './plain-reporter.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';
import { titleOf } from './wording.ts';

/** So long a login may take without a word. */
const PATIENCE_MS = 3000;

/** What a person should know even then. */
const TOLD: Notice['kind'][] = ['trouble', 'trouble-passed', 'waking', 'way-closed'];

/**
 * For a session, whose stderr belongs to what runs in it: not a word where all is well. Where one has to wait it says
 * once for what, and each cause of trouble.
 */
export function createSparingReporter({ stream, spell }: ReporterOptions): Reporter {
  let awaited: Fact | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isSaid = false;
  let isSuspended = false;
  const tell = (line: string) => say(stream, `${toPrintable(line, { oneLine: true })}\n`);

  function tellWait(): void {
    clearTimeout(timer);
    if (isSaid || awaited === undefined) return;
    isSaid = true;
    const wait = toPrintable(`${titleOf('ready', false)}${withFact(awaited)}`, { oneLine: true });
    for (const line of foldLine(wait, stream.columns)) tell(line);
  }

  function hear(event: ProgressEvent): void {
    if (event.type === 'advanced' && event.step === 'ready') {
      awaited = event.fact;
      timer ??= setTimeout(() => {
        if (!isSuspended) tellWait();
      }, PATIENCE_MS).unref();
    }
    if (event.type === 'finished' && event.step === 'ready') clearTimeout(timer);
    if (event.type !== 'noticed' || !TOLD.includes(event.notice.kind)) return;
    if (event.notice.kind.startsWith('trouble')) tellWait();
    for (const line of toNoticeLines(event, spell, stream.columns)) tell(line);
  }

  return {
    event: hear,
    suspend: async () => {
      isSuspended = true;
    },
    resume: () => {
      isSuspended = false;
    },
    fail: () => clearTimeout(timer),
    close: async () => clearTimeout(timer),
  };
}
