import { render } from 'ink';
import { EMPTY_PROGRESS, type ProgressState, reduce, reduceFailure } from '../../workspace/state/events.ts';
import { ProgressView } from './progress-view.tsx';
import type { Reporter, ReporterOptions } from './reporter.ts';

/** How often elapsed times are redrawn. */
const TICK_MS = 500;

/** Faster events share a frame: nobody sees them apart, and the work itself needs the processor. */
const FRAME_MS = 100;

/**
 * A checklist that is drawn over itself on stderr. The state is reduced here, outside React; components only show it.
 * The last frame stays on the screen. It goes on from where another reporter left off.
 */
export function createLiveReporter(
  { stream, columns, color, nowMs, spell }: ReporterOptions,
  { state: given, startedAtMs }: { state: ProgressState; startedAtMs: number } = {
    state: EMPTY_PROGRESS,
    startedAtMs: nowMs(),
  },
): Reporter {
  let state = given;
  const frame = (isFinal: boolean) => (
    <ProgressView
      state={state}
      nowMs={nowMs()}
      startedAtMs={startedAtMs}
      color={color}
      // The window may have another size by now.
      columns={stream.columns || columns}
      isFinal={isFinal}
      spell={spell}
    />
  );
  /** Ink has one instance per stream. While this one exists, it draws over everything else at its next tick. */
  const open = () =>
    render(frame(false), { stdout: stream as NodeJS.WriteStream, patchConsole: false, exitOnCtrlC: false });
  let ink: ReturnType<typeof open> | undefined = open();
  const draw = () => ink?.rerender(frame(false));
  const ticker = setInterval(draw, TICK_MS);
  ticker.unref();
  let pending: NodeJS.Timeout | undefined;
  return {
    event(event) {
      state = reduce(state, event, nowMs());
      clearTimeout(pending);
      pending = setTimeout(draw, FRAME_MS);
    },
    async suspend() {
      // Drop a frame that still waits; otherwise it would be drawn at the end and stay.
      ink?.rerender(null);
      ink?.clear();
      ink?.unmount();
      await ink?.waitUntilExit();
      ink = undefined;
    },
    resume() {
      ink ??= open();
    },
    fail(error) {
      state = reduceFailure(state, error, nowMs());
      clearTimeout(pending);
      ink?.rerender(frame(true));
    },
    async close() {
      clearInterval(ticker);
      clearTimeout(pending);
      ink ??= open();
      ink.rerender(frame(true));
      ink.unmount();
      await ink.waitUntilExit();
    },
  };
}
