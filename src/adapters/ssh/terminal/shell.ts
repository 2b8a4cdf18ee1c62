/** An interactive session on the user's terminal, which gets it back as it was, however the session ends. */
import type { ClientChannel } from 'ssh2';
import type { ShellOptions, Terminal } from '../../../workspace/terminal.ts';
import { UNKNOWN_STATUS } from '../channels/exit-status.ts';
import { drop, flush, pump } from '../channels/pump.ts';
import { awaitStatus, openSession } from '../channels/session.ts';
import type { Link } from '../link.ts';
import { ESCAPE_HELP, EscapeScanner } from './escapes.ts';
import { LossLine } from './loss-line.ts';
import { takeRawMode } from './raw-mode.ts';
import { ModeTracker } from './terminal-modes.ts';

/** A dragged window changes its size with each frame. Only the last size counts. */
const RESIZE_PAUSE_MS = 25;

/** RFC 8160: erasing in a cooked line takes a whole character (opcode IUTF8, the value 1, then the end of the list). */
const UTF8_MODE = Buffer.from([42, 0, 0, 0, 1, 0]);

const CONTROL_D = '\x04';

/** Between two ends that are typed, doubling from the first to the last. */
const FIRST_END_PAUSE_MS = 250;
const LAST_END_PAUSE_MS = 4000;

/** Returns the remote exit status, and 255 after `~.`. Throws `CONNECTION_LOST` and `INTERRUPTED`. */
export async function runShell(
  link: Link,
  terminal: Terminal,
  options: ShellOptions,
  signal: AbortSignal,
): Promise<number> {
  const { stdin, stdout, stderr } = terminal;
  const size = toSize(stdout);
  const { colorTerm } = terminal;
  const channel = await openSession(link, options.command ?? '', {
    agentForward: options.forwardAgent,
    ...(colorTerm === undefined ? {} : { env: { COLORTERM: colorTerm } }),
    pty: { ...size, width: 0, height: 0, term: terminal.termName ?? 'dumb', modes: UTF8_MODE as never },
  });
  const disconnect = Promise.withResolvers<number>();
  const status = awaitStatus(link, channel, signal);
  // It may fail while we await something else. Every path awaits it below.
  status.catch(() => undefined);
  channel.on('error', () => undefined);
  const giveUp = () => {
    channel.close();
    disconnect.resolve(UNKNOWN_STATUS);
  };
  await options.terminalFree;
  const leaveRawMode = await takeRawMode(stdin);
  const undo = [
    ...watchTerminal(terminal, link, channel, options),
    pump(channel, stdout, () => undefined),
    pump(channel.stderr, stderr, () => undefined),
    passTyping(terminal, channel, options.escapes, () => {
      options.onLeave?.();
      giveUp();
    }),
    followSize(stdout, channel, size),
  ];
  // The terminal's window was closed.
  stdout.on('error', giveUp);
  stdin.on('error', giveUp);
  try {
    const result = await Promise.race([status, disconnect.promise]);
    await Promise.race([Promise.all([flush(stdout), flush(stderr)]), disconnect.promise]);
    return result;
  } finally {
    for (const step of undo.toReversed()) step();
    await leaveRawMode();
    stdout.off('error', giveUp);
    stdin.off('error', giveUp);
    drop(channel);
  }
}

/**
 * Says when the way to the workspace is lost, and undoes what the remote programs left on, once the session is over.
 */
function watchTerminal(
  { stdout, stdin }: Terminal,
  link: Link,
  channel: ClientChannel,
  { escapes }: ShellOptions,
): (() => void)[] {
  if (stdout.isTTY !== true) return [];
  const modes = new ModeTracker();
  const watch = (chunk: Buffer) => modes.watch(chunk);
  channel.on('data', watch);
  const line = new LossLine(stdout, { isPlain: () => modes.isPlain, escapes: escapes && stdin.isTTY === true });
  link.watch?.(line);
  const restoreModes = () => {
    channel.off('data', watch);
    const reset = modes.toReset();
    if (reset !== '' && stdout.writable) stdout.write(reset);
  };
  return [restoreModes, () => line.found()];
}

interface Size {
  rows: number;
  cols: number;
}

function toSize(stdout: Terminal['stdout']): Size {
  return { rows: stdout.rows || 24, cols: stdout.columns || 80 };
}

/** Sends what is typed to the server, except for escapes. Returns a function that stops it. */
function passTyping(terminal: Terminal, channel: ClientChannel, escapes: boolean, disconnect: () => void): () => void {
  const { stdin, stdout } = terminal;
  const scanner = escapes && stdin.isTTY === true ? new EscapeScanner() : undefined;
  let isLineStart = true;
  const onData = (chunk: Buffer | string) => {
    const bytes = Buffer.from(chunk as string);
    const { data, action } = scanner?.scan(bytes) ?? { data: bytes, action: undefined };
    if (action === 'disconnect') return disconnect();
    if (action === 'help') stdout.write(ESCAPE_HELP);
    if (data.length === 0 || !channel.writable) return;
    isLineStart = data.at(-1) === 0x0a;
    if (!channel.write(data)) stdin.pause();
  };
  const onDrain = () => stdin.resume();
  let timer: NodeJS.Timeout | undefined;
  let endPauseMs = FIRST_END_PAUSE_MS;
  // Dropbear tears a PTY down when its input ends, with the command's output (mkj/dropbear#365): so the end is typed,
  // on a line of its own, since a shell's line editor takes it for an end nowhere else. And again and again: whoever
  // reads next shall find it too, and one that was typed before a line editor had the terminal is lost.
  const onEnd = () => {
    if (!channel.writable) return;
    channel.write(isLineStart ? CONTROL_D : `\n${CONTROL_D}`);
    isLineStart = true;
    timer = setTimeout(onEnd, endPauseMs);
    endPauseMs = Math.min(endPauseMs * 2, LAST_END_PAUSE_MS);
  };
  stdin.on('data', onData);
  stdin.on('end', onEnd);
  channel.on('drain', onDrain);
  if (stdin.readableEnded) onEnd();
  else stdin.resume();
  return () => {
    clearTimeout(timer);
    stdin.off('data', onData);
    stdin.off('end', onEnd);
    channel.off('drain', onDrain);
    stdin.pause();
  };
}

/** Tells the server each size that it does not know yet. */
function followSize(stdout: Terminal['stdout'], channel: ClientChannel, known: Size): () => void {
  let timer: NodeJS.Timeout | undefined;
  let last = known;
  const tell = () => {
    timer = undefined;
    const { rows, cols } = toSize(stdout);
    if (rows === last.rows && cols === last.cols) return;
    last = { rows, cols };
    channel.setWindow(rows, cols, 0, 0);
  };
  const onResize = () => {
    timer ??= setTimeout(tell, RESIZE_PAUSE_MS);
  };
  stdout.on('resize', onResize);
  tell();
  return () => {
    clearTimeout(timer);
    stdout.off('resize', onResize);
  };
}
