import { say } from '../../../report/leaving.ts';
import { describeLoss, type StreamWatcher } from '../../../workspace/byte-stream.ts';
import type { CliTerminal } from '../../terminal/terminal.ts';

/** Who waits for a command or a transfer asks where it is after this time. */
const PATIENCE_MS = 10_000;

/**
 * Says on a terminal that the way to the workspace is gone for long, and when it is back. Programs are told nothing.
 */
export function createLossNotice({ stderr }: Pick<CliTerminal, 'stderr'>, patienceMs = PATIENCE_MS): StreamWatcher {
  let timer: NodeJS.Timeout | undefined;
  let isTold = false;
  const tell = (text: string) => say(stderr, `ws: ${text}\n`);
  return {
    lost(sinceMs) {
      if (stderr.isTTY !== true) return;
      timer = setTimeout(
        () => {
          isTold = true;
          tell(`${describeLoss(sinceMs)}; trying again until it is back`);
        },
        Math.max(0, patienceMs - (Date.now() - sinceMs)),
      ).unref();
    },
    found(sinceMs) {
      clearTimeout(timer);
      if (isTold) tell(`connected again after ${Math.round((Date.now() - sinceMs) / 1000)} s; nothing is lost`);
      isTold = false;
    },
  };
}
