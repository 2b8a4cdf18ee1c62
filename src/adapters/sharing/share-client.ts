/** Runs a command over the connection that another `ws` holds. */
import { createConnection, type Socket } from 'node:net';
import { ERROR_CODES, type ErrorCode, failure, interrupted } from '../../workspace/errors.ts';
import type { Terminal } from '../../workspace/world.ts';
import { FRAME, FrameReader, writeFrame } from './frames.ts';

/** 128 + SIGPIPE: what a local command would end with when its reader went away. */
const BROKEN_PIPE_STATUS = 141;

/**
 * The exit status; undefined when nobody holds a connection there, and then nothing was run and nothing read. Throws
 * `CONNECTION_LOST`, what the holder threw, or `INTERRUPTED` when the signal fires.
 */
export async function runShared(
  socketPath: string,
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number | undefined> {
  const socket = createConnection(socketPath);
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const { stdin, stdout, stderr } = terminal;
  let isStarted = false;
  const stops: (() => void)[] = [];
  const reader = new FrameReader((kind, payload) => {
    if (kind === FRAME.started) {
      isStarted = true;
      stops.push(sendInput(stdin, socket));
    } else if (kind === FRAME.output) passOn(payload, stdout, socket);
    else if (kind === FRAME.errors) passOn(payload, stderr, socket);
    else if (kind === FRAME.exit) resolve(Number(payload.toString()));
    else if (kind === FRAME.failed) reject(toError(payload));
  });
  const onBroken = () => resolve(BROKEN_PIPE_STATUS);
  const onAbort = () => reject(interrupted());
  stdout.on('error', onBroken);
  stderr.on('error', onBroken);
  signal.addEventListener('abort', onAbort);
  socket.on('connect', () => writeFrame(socket, FRAME.open, command));
  socket.on('data', (chunk: Buffer) => reader.push(chunk));
  socket.on('error', () => undefined);
  socket.on('close', () => (isStarted ? reject(lost()) : resolve(undefined)));
  try {
    const status = await promise;
    await Promise.race([
      Promise.all([flush(stdout), flush(stderr)]),
      new Promise((done) => stdout.once('error', done)),
    ]);
    return status;
  } finally {
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

function toError(payload: Buffer): Error {
  const { code, ...parts } = JSON.parse(payload.toString()) as { code: ErrorCode; message: string; reason?: string };
  return ERROR_CODES.includes(code) ? failure(code, parts) : new Error(parts.message);
}

function lost() {
  return failure('CONNECTION_LOST', {
    message: 'The connection to the workspace is lost',
    reason: 'the process that held it has ended',
    suggestions: ['ws status', 'ws ssh'],
  });
}
