/** One signal for the whole run: the first Ctrl-C asks everything to end in order, a second one does not wait. */

let controller: AbortController | undefined;
let firstSignal: keyof typeof EXIT_BY_SIGNAL | undefined;

/** 128 and the signal's number, as shells count. */
const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Nobody presses twice as fast: a second signal within this time is an echo. The settings' library sends itself each
 * one again that it has heard, and without this the first Ctrl-C of `ws up` ended it in the middle of Helm's work.
 */
const ECHO_MS = 250;

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
  let firstAtMs = 0;
  for (const name of Object.keys(EXIT_BY_SIGNAL) as (keyof typeof EXIT_BY_SIGNAL)[]) {
    process.on(name, () => {
      if (made.signal.aborted && performance.now() - firstAtMs < ECHO_MS) return;
      if (made.signal.aborted) process.exit(EXIT_BY_SIGNAL[name]);
      firstAtMs = performance.now();
      firstSignal = name;
      process.exitCode = EXIT_BY_SIGNAL[name];
      made.abort();
    });
  }
  return made.signal;
}
