/**
 * What is piped to a job that nobody attaches to. It is read to its end before anything is connected: the job runs on
 * when this process has ended, and a job with half of its input is worse than none.
 */
import { Readable } from 'node:stream';
import { sayLine } from '../../../report/notes.ts';
import { failure, interrupted } from '../../../workspace/errors/errors.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { advice, ws } from '../../../workspace/errors/suggestion.ts';
import type { Terminal } from '../../../workspace/terminal.ts';
import type { SshRequest } from '../requests.ts';
import { type TmuxRequest, toTmuxCommand } from '../words/tmux.ts';

const LIMITS = {
  mostBytes: 10 * 2 ** 20,
  /** After that a person would wonder why nothing happens. */
  silenceMs: 2000,
  /** Who starts programs often leaves them a pipe that nobody writes to. */
  mostSilenceMs: 30_000,
};
type Limits = typeof LIMITS;

/**
 * The request whose job reads what is piped in, and finds its end at once where that is nothing. With a terminal here,
 * the job has its own. Throws `BAD_VALUE` for more than 10 MiB, for an input that nothing would read, for one that
 * cannot be read, and for a pipe that stays silent: what comes later would be lost.
 */
export async function takeJobInput(
  request: SshRequest,
  { stdin, stderr }: Pick<Terminal, 'stdin' | 'stderr'>,
  signal: AbortSignal,
  limits: Limits = LIMITS,
): Promise<SshRequest> {
  const { tmux } = request;
  if (tmux?.isDetached !== true || stdin.isTTY === true) return request;
  if (tmux.job === undefined) {
    await verifyNothing(tmux, stdin, limits, signal);
    return request;
  }
  const warn = () => sayLine(stderr, 'ws: waiting for what is piped in; Ctrl-C ends, </dev/null pipes in nothing.');
  const input = await readInput(stdin, { most: limits.mostBytes, ...limits, onSilence: warn }, signal);
  if (input === 'silent') throw silent(limits);
  if (input === 'long') throw tooLarge(tmux);
  const fed = { ...tmux, input };
  return { ...request, tmux: fed, command: toTmuxCommand(fed) };
}

/** A shell reads its own terminal, so that nobody has to wait for an end here. */
async function verifyNothing(
  tmux: TmuxRequest,
  stdin: Terminal['stdin'],
  { silenceMs }: Limits,
  signal: AbortSignal,
): Promise<void> {
  // One byte tells that there is something.
  const input = await readInput(stdin, { most: 0, silenceMs, mostSilenceMs: silenceMs }, signal);
  if (input === 'long') throw unread(tmux);
}

/** What a session reads: a job what was taken for it, and never what is typed here for others. */
export function toJobInput(tmux: TmuxRequest): Readable {
  return Readable.from(tmux.input === undefined ? [] : [tmux.input]);
}

interface Reading {
  most: number;
  silenceMs: number;
  mostSilenceMs: number;
  /** Called once when `silenceMs` are over. */
  onSilence?: () => void;
}

/** All of it; or that it is longer than `most`, or that it has not begun in time. */
function readInput(
  stdin: Terminal['stdin'],
  { most, silenceMs, mostSilenceMs, onSilence }: Reading,
  signal: AbortSignal,
): Promise<Buffer | 'long' | 'silent'> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | 'long' | 'silent'>();
  const chunks: Buffer[] = [];
  let length = 0;
  const timers = [setTimeout(() => onSilence?.(), silenceMs), setTimeout(() => resolve('silent'), mostSilenceMs)];
  const endSilence = () => {
    for (const timer of timers) clearTimeout(timer);
  };
  const onData = (chunk: Buffer | string) => {
    endSilence();
    chunks.push(Buffer.from(chunk as string));
    length += chunk.length;
    if (length > most) resolve('long');
  };
  const onEnd = () => resolve(Buffer.concat(chunks));
  const onError = (error: Error) => reject(unreadable(error));
  const onAbort = () => reject(interrupted());
  stdin.on('data', onData).once('end', onEnd).once('close', onEnd).once('error', onError);
  signal.addEventListener('abort', onAbort);
  if (stdin.errored) onError(stdin.errored);
  if (stdin.readableEnded || stdin.destroyed) onEnd();
  if (signal.aborted) onAbort();
  return promise.finally(() => {
    endSilence();
    signal.removeEventListener('abort', onAbort);
    // What goes wrong with it later concerns nobody, and would end this process without a listener.
    stdin.on('error', () => undefined);
    stdin.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
    stdin.pause();
  });
}

function tooLarge({ name }: TmuxRequest) {
  return failure('BAD_VALUE', {
    message: 'What is piped in is more than 10 MiB, which is the most that a detached job gets',
    reason: 'it waits in a file of the workspace until the job reads it; nothing was started',
    suggestions: [
      { ...ws`ssh -- ${'cat >input'}`, again: { verb: 'other' }, note: 'first, with the same input' },
      { ...ws`ssh --tmux=${name} -d -- ${'COMMAND <input'}`, again: { verb: 'other' }, note: 'then' },
    ],
  });
}

function silent({ mostSilenceMs }: Limits) {
  return failure('BAD_VALUE', {
    message: `Nothing came through the pipe in ${mostSilenceMs / 1000} s, and nobody has closed it`,
    reason: 'the job would miss what comes later; nothing was started',
    suggestions: [advice('Write </dev/null behind the line if the job reads nothing')],
  });
}

function unread({ name }: TmuxRequest) {
  return failure('BAD_VALUE', {
    message: `Nothing in tmux session ${name} would read what is piped in`,
    reason: 'without a command it is a shell on a terminal of its own; nothing was started',
    suggestions: [
      { ...ws`ssh -d --tmux=${name} -- COMMAND`, again: {}, note: 'the command reads it' },
      { ...ws`ssh`, again: { verb: 'other' }, note: 'runs it as commands, and ends with them' },
    ],
  });
}

function unreadable(error: Error) {
  return failure('BAD_VALUE', {
    message: 'What is piped in cannot be read',
    reason: `${toReason(error, 'address')}; nothing was started`,
    suggestions: [advice('Pipe in something that can be read, or </dev/null for nothing')],
    cause: error,
  });
}
