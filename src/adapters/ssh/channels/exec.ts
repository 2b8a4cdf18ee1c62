/** Commands without a terminal. */
import type { ExecOptions, Terminal } from '../../../workspace/terminal.ts';
import type { Link } from '../link.ts';
import { drop, flush, pump } from './pump.ts';
import { awaitStatus, openSession } from './session.ts';

/** 128 + SIGPIPE: what a local command would end with when its reader went away. */
const BROKEN_PIPE_STATUS = 141;

/** stdin, stdout and stderr byte for byte, each at the pace of its slower end. */
export async function runExec(
  link: Link,
  terminal: Terminal,
  options: ExecOptions,
  signal: AbortSignal,
): Promise<number> {
  const channel = await openSession(link, options.command, { agentForward: options.forwardAgent });
  const { stdin, stdout, stderr } = terminal;
  const readerGone = Promise.withResolvers<number>();
  const onError = () => {
    channel.close();
    readerGone.resolve(BROKEN_PIPE_STATUS);
  };
  // The terminal hung up or the pipe broke, so nothing more comes from it.
  const onInputError = () => channel.end();
  stdin.on('error', onInputError);
  stdout.on('error', onError);
  stderr.on('error', onError);
  channel.on('error', () => undefined);
  const stops = [
    pump(channel, stdout, () => undefined),
    pump(channel.stderr, stderr, () => undefined),
    pump(stdin, channel, () => channel.end()),
  ];
  if (stdin.readableEnded) channel.end();
  try {
    const status = await Promise.race([awaitStatus(link, channel, signal), readerGone.promise]);
    await Promise.race([Promise.all([flush(stdout), flush(stderr)]), readerGone.promise]);
    return status;
  } finally {
    for (const stop of stops) stop();
    drop(channel);
    stdin.off('error', onInputError);
    stdout.off('error', onError);
    stderr.off('error', onError);
  }
}

/** Runs a command and gathers its output as text; `input` goes to its stdin. */
export async function runForText(
  link: Link,
  command: string,
  signal: AbortSignal,
  input = '',
): Promise<{ status: number; stdout: string; stderr: string }> {
  const channel = await openSession(link, command, {});
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  channel.on('data', (chunk: Buffer) => stdout.push(chunk));
  channel.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  channel.on('error', () => undefined);
  channel.end(input);
  const status = await awaitStatus(link, channel, signal);
  return { status, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') };
}
