/** One signal for the whole run: the first Ctrl-C asks everything to end in order, a second one does not wait. */

let controller: AbortController | undefined;

/** 128 and the signal's number, as shells count. */
const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export function interruptSignal(): AbortSignal {
  if (controller !== undefined) return controller.signal;
  const made = new AbortController();
  controller = made;
  for (const name of Object.keys(EXIT_BY_SIGNAL) as (keyof typeof EXIT_BY_SIGNAL)[]) {
    process.on(name, () => {
      if (made.signal.aborted) process.exit(EXIT_BY_SIGNAL[name]);
      process.exitCode = EXIT_BY_SIGNAL[name];
      made.abort();
    });
  }
  return made.signal;
}
