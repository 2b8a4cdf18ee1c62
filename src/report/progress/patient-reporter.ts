import {
  EMPTY_PROGRESS,
  type ProgressEvent,
  type ProgressState,
  reduce,
  reduceFailure,
} from '../../workspace/state/events.ts';
import { say } from '../leaving.ts';
import { toFinishedLines } from './finished-lines.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

/** We draw nothing for this long: nobody can read a line that changes sooner. */
const PATIENCE_MS = 300;

/**
 * The live checklist, drawn once there is something to wait for or to be warned of. To load what draws it takes longer
 * than to go back to a workspace that is up; such a run leaves the same lines without it.
 */
export function createPatientReporter(options: ReporterOptions): Reporter {
  const startedAtMs = options.nowMs();
  let state: ProgressState = EMPTY_PROGRESS;
  /** What the live checklist has to catch up with. */
  const past: ProgressEvent[] = [];
  let failed: unknown;
  let live: Reporter | undefined;
  let loading: Promise<void> | undefined;
  let isSuspended = false;
  let endHush: (() => Promise<void>) | undefined;
  /** Started by the first event, because questions before that take their own time. */
  let timer: NodeJS.Timeout | undefined;

  function draw(): void {
    clearTimeout(timer);
    if (!isSuspended) loading ??= load();
  }

  async function load(): Promise<void> {
    const [{ createLiveReporter }, end] = await Promise.all([import('./live-reporter.tsx'), options.hush?.()]);
    endHush = end;
    live = createLiveReporter(options, { state, past, startedAtMs });
    if (failed !== undefined) live.fail(failed);
  }

  async function goOn(): Promise<void> {
    endHush = await options.hush?.();
    live?.resume();
  }

  async function speak(): Promise<void> {
    const end = endHush;
    endHush = undefined;
    await end?.();
  }

  return {
    event(event: ProgressEvent) {
      state = reduce(state, event, options.nowMs());
      if (live === undefined) past.push(event);
      else live.event(event);
      timer ??= setTimeout(draw, PATIENCE_MS);
      if (event.type === 'noticed' && event.level === 'warning') draw();
    },
    async suspend() {
      isSuspended = true;
      await loading;
      await live?.suspend();
      await speak();
    },
    resume() {
      isSuspended = false;
      if (live !== undefined) loading = goOn();
      else if (timer !== undefined) draw();
    },
    fail(error) {
      state = reduceFailure(state, error, options.nowMs());
      failed = error;
      live?.fail(error);
    },
    async close() {
      clearTimeout(timer);
      await loading;
      if (live !== undefined) {
        await live.close();
        return speak();
      }
      for (const line of toFinishedLines(state, options)) say(options.stream, `${line}\n`);
    },
  };
}
