/** One signal for the whole run: the first Ctrl-C asks everything to end in order, a second one does not wait. */

let controller: AbortController | undefined;
let firstSignal: Signal | undefined;

/** 128 and the signal's number, as shells count. */
const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * The settings' library sends itself each signal again that it has heard. This echo comes within the next turns of the
 * event loop, however long these take, and nobody presses twice within this time. Without the wait for both, the first
 * Ctrl-C of `ws up` ended it in the middle of Helm's work.
 */
const ECHO_MS = 250;
const ECHO_TURNS = 3;

/**
 * What was asked to end by another program, and has not ended by then, is at a stand, and ends without order. What `ws`
 * takes back after a signal takes seconds.
 */
const END_LIMIT_MS = 30_000;

type Signal = keyof typeof EXIT_BY_SIGNAL;

/**
 * Node's own exit waits for its threads, and one may be in a call that never returns. A signal of another program ends
 * even that; after Ctrl-C the next signal does, because nobody listens any more.
 */
function endNow(name: Signal): never {
  process.once('exit', () => {
    for (const one of Object.keys(EXIT_BY_SIGNAL)) process.removeAllListeners(one);
    if (name !== 'SIGINT') process.kill(process.pid, name);
  });
  process.exit(EXIT_BY_SIGNAL[name]);
}

/** Ends the run in order, as a signal would, with this exit code. */
export function interrupt(exitCode: number): void {
  const signal = interruptSignal();
  if (signal.aborted) return;
  process.exitCode = exitCode;
  controller?.abort();
}

/** Whether the run was asked to end by Ctrl-C, and by nothing else before it. */
export function isEndedByCtrlC(): boolean {
  return firstSignal === 'SIGINT';
}

export function interruptSignal(): AbortSignal {
  if (controller !== undefined) return controller.signal;
  const made = new AbortController();
  controller = made;
  let secondFromMs = Number.POSITIVE_INFINITY;
  for (const name of Object.keys(EXIT_BY_SIGNAL) as Signal[]) {
    process.on(name, () => {
      if (made.signal.aborted && firstSignal !== undefined && performance.now() < secondFromMs) return;
      if (made.signal.aborted) endNow(name);
      const fromMs = performance.now() + ECHO_MS;
      afterTurns(ECHO_TURNS, () => {
        secondFromMs = fromMs;
      });
      firstSignal = name;
      process.exitCode = EXIT_BY_SIGNAL[name];
      made.abort();
      if (name !== 'SIGINT') setTimeout(() => endNow(name), END_LIMIT_MS).unref();
    });
  }
  return made.signal;
}

function afterTurns(turns: number, then: () => void): void {
  if (turns === 0) then();
  else setImmediate(() => afterTurns(turns - 1, then));
}
