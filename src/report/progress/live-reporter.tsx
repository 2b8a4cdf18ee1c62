import {
  EMPTY_PROGRESS,
  type ProgressEvent,
  type ProgressState,
  reduce,
  reduceFailure,
} from '../../workspace/state/events.ts';
import { createPlainReporter } from './plain-reporter.ts';
import { ProgressView } from './progress-view.tsx';
import type { Reporter, ReporterOptions } from './reporter.ts';
import { toGated } from './screen/gate.ts';
import { Screen } from './screen/screen.ts';

/** How often elapsed times are redrawn. */
const TICK_MS = 500;

/** Faster events share a frame: nobody sees them apart, and the work itself needs the processor. */
const FRAME_MS = 100;

/**
 * A checklist that is drawn over itself on stderr, or lines while nobody looks at it. The state is reduced here,
 * outside React; components only show it. The last frame stays on the screen. It goes on from where another reporter
 * left off: `state` is what became of the events of `past`, which are told to the lines alone.
 */
export function createLiveReporter(
  options: ReporterOptions,
  { state: given, past, startedAtMs }: { state: ProgressState; past: ProgressEvent[]; startedAtMs: number } = {
    ...{ state: EMPTY_PROGRESS, past: [] },
    startedAtMs: options.nowMs(),
  },
): Reporter {
  const { stream, columns, color, nowMs, spell, isShown = () => true } = options;
  const screen = new Screen(stream, isShown);
  const gate = toGated(stream, !isShown());
  const plain = createPlainReporter({ ...options, stream: gate.stream });
  let state = given;
  const hear = (event: ProgressEvent) => {
    gate.isOpen = !isShown();
    state = reduce(state, event, nowMs());
    plain.event(event);
  };
  for (const event of past) plain.event(event);
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
  let isSuspended = false;
  const draw = (isFinal = false) => {
    if (!isSuspended) gate.isOpen = !screen.draw(frame(isFinal));
  };
  draw();
  const ticker = setInterval(draw, TICK_MS);
  ticker.unref();
  let pending: NodeJS.Timeout | undefined;
  return {
    event(event) {
      hear(event);
      clearTimeout(pending);
      pending = setTimeout(draw, FRAME_MS);
    },
    async suspend() {
      isSuspended = true;
      await plain.suspend();
      // A frame that still waits would be drawn at the end and stay.
      await screen.clear();
    },
    resume() {
      isSuspended = false;
      plain.resume();
      draw();
    },
    fail(error) {
      state = reduceFailure(state, error, nowMs());
      plain.fail(error);
      clearTimeout(pending);
      draw(true);
    },
    async close() {
      clearInterval(ticker);
      clearTimeout(pending);
      await plain.close();
      await screen.close(frame(true));
    },
  };
}
