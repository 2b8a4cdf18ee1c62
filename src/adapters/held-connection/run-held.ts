/** Runs a command over the connection that another `ws` holds. */

import { createConnection, type Socket } from 'node:net';
import { ERROR_CODES, type ErrorCode, failure, interrupted } from '../../workspace/errors/errors.ts';
import { findSuggestion, ws } from '../../workspace/errors/suggestion.ts';
import type { Terminal } from '../../workspace/terminal.ts';
import { FRAME, FrameReader, writeFrame } from './frames.ts';

/** 128 + SIGPIPE: what a local command would end with when its reader went away. */
const BROKEN_PIPE_STATUS = 141;

const LIMITS = {
  /** A holder that is stuck, or still logs in, is not waited for: a connection of one's own is made sooner. */
  startLimitMs: 5000,
  /**
   * A running command's holder gives a sign of life every five seconds. Counted in seconds in which this process ran
   * itself.
   */
  silenceTicks: 30,
};
const TICK_MS = 1000;

/**
 * The exit status; undefined when nobody holds a connection there who starts the command within five seconds, and then
 * nothing was run, nothing will be, and nothing was read. Throws `CONNECTION_LOST`, what the holder threw, or
 * `INTERRUPTED` when the signal fires.
 */
export async function runHeld(
  socketPath: string,
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
  { startLimitMs, silenceTicks } = LIMITS,
): Promise<number | undefined> {
  const { stdin, stdout, stderr } = terminal;
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const socket = createConnection(socketPath);
  let isCommitted = false;
  let silentTicks = 0;
  const stops: (() => void)[] = [];
  const giveUp = (reason: string) => (isCommitted ? reject(lost(reason)) : resolve(undefined));
  const take = (kind: number, payload: Buffer) => {
    if (kind === FRAME.ready && !isCommitted) {
      isCommitted = true;
      writeFrame(socket, FRAME.go);
      stops.push(sendInput(stdin, socket));
    } else if (kind === FRAME.output) passOn(payload, stdout, socket);
    else if (kind === FRAME.errors) passOn(payload, stderr, socket);
    else if (kind === FRAME.exit) resolve(toStatus(payload));
    else if (kind === FRAME.failed) reject(toError(payload));
    else if (kind !== FRAME.alive) throw new Error('out of turn');
  };
  const reader = new FrameReader(take);
  const startTimer = setTimeout(() => isCommitted || resolve(undefined), startLimitMs);
  const ticker = setInterval(() => {
    silentTicks = !isCommitted || socket.isPaused() ? 0 : silentTicks + 1;
    if (silentTicks >= silenceTicks) giveUp('the process that holds it does not answer');
  }, TICK_MS);
  const onBroken = () => resolve(BROKEN_PIPE_STATUS);
  const onAbort = () => reject(interrupted());
  stdout.on('error', onBroken);
  stderr.on('error', onBroken);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  socket.on('connect', () => writeFrame(socket, FRAME.open, command));
  socket.on('data', (chunk: Buffer) => {
    silentTicks = 0;
    try {
      reader.push(chunk);
    } catch {
      giveUp('the process that held it says what nobody understands');
    }
  });
  socket.on('error', () => undefined);
  socket.on('close', () => giveUp('the process that held it has ended'));
  try {
    const status = await promise;
    if (status === undefined) return undefined;
    await Promise.race([
      Promise.all([flush(stdout), flush(stderr)]),
      new Promise((done) => stdout.once('error', done)),
    ]);
    return status;
  } finally {
    clearTimeout(startTimer);
    clearInterval(ticker);
    for (const stop of stops) stop();
    stdout.off('error', onBroken);
    stderr.off('error', onBroken);
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
  }
}

function sendInput(stdin: Terminal['stdin'], socket: Socket): () => void {
  const onData = (chunk: Buffer) => {
    if (socket.writable && !writeFrame(socket, FRAME.input, chunk)) stdin.pause();
  };
  const onDrain = () => stdin.resume();
  // A terminal that hung up is an end as well.
  const onEnd = () => {
    if (socket.writable) writeFrame(socket, FRAME.inputEnd);
  };
  stdin.on('data', onData);
  stdin.on('end', onEnd);
  stdin.on('error', onEnd);
  socket.on('drain', onDrain);
  if (stdin.readableEnded) onEnd();
  // A terminal may hang up after the command has ended as well.
  stdin.on('error', () => undefined);
  return () => {
    stdin.off('data', onData);
    stdin.off('end', onEnd);
    stdin.off('error', onEnd);
    socket.off('drain', onDrain);
    stdin.pause();
  };
}

/** At the reader's pace: while it is behind, nothing more is taken from the holder. */
function passOn(payload: Buffer, to: Terminal['stdout'], socket: Socket): void {
  if (!to.writable || to.write(payload) || socket.isPaused()) return;
  socket.pause();
  to.once('drain', () => socket.resume());
}

function flush(to: Terminal['stdout']): Promise<void> {
  return new Promise((resolve) => {
    if (to.writable) to.write('', () => resolve());
    else resolve();
  });
}

/** Throws for anything else. */
function toStatus(payload: Buffer): number {
  const text = payload.toString();
  if (!/^\d{1,5}$/.test(text)) throw new Error('no status');
  return Number(text);
}

interface ErrorDocument {
  code: ErrorCode;
  message: string;
  reason?: string;
  suggestions?: unknown;
}

/** Throws when it is no document of an error. */
function toError(payload: Buffer): Error {
  const { code, suggestions, ...parts } = JSON.parse(payload.toString()) as ErrorDocument;
  if (!ERROR_CODES.includes(code)) return new Error(parts.message);
  const found = Array.isArray(suggestions) ? suggestions.map(findSuggestion) : [];
  return failure(code, { ...parts, suggestions: found.filter((one) => one !== undefined) });
}

function lost(reason: string) {
  return failure('CONNECTION_LOST', {
    message: 'The connection to the workspace is lost',
    reason,
    suggestions: [ws`status`, ws`ssh`],
  });
}
