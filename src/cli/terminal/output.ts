/** Decides how a run ends when its output has nowhere to go. */
import { say } from '../../report/leaving.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { interrupt } from './interrupt.ts';

/** 128 + SIGPIPE: a shell's status for a program whose reader has gone. */
export const BROKEN_PIPE = 141;

/**
 * Listens for the errors of stdout and stderr in place of all who do, so that none is a crash. A reader that has gone
 * (`| head`) ends the run in order; a disk that is full ends it at once, with `failed`. If only progress cannot be seen
 * any more, the work goes on. A terminal that has gone also sends SIGHUP.
 */
export function guardOutput(failed: number): void {
  const { stdout, stderr } = process;
  stderr.on('error', () => undefined);
  stdout.removeAllListeners('error');
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') interrupt(BROKEN_PIPE);
    else if (error.code !== 'EIO') {
      say(stderr, `ws: the output cannot be written: ${toReason(error, 'file')}\n`);
      process.exit(failed);
    }
  });
}
