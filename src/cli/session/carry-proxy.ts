/** What `ws proxy` does once its stream is open, and how it says that it is not. */
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { say } from '../../report/leaving.ts';
import { hasCode, WorkspaceError } from '../../workspace/errors/errors.ts';
import { toPrintable } from '../../workspace/errors/printable.ts';
import { SSH_FAILED } from '../command/exit-codes.ts';
import { reportFailure } from '../command/report-error.ts';
import { type PlaceFlags, toSpell } from '../command/spelling.ts';
import { limitGarbage } from '../terminal/garbage.ts';
import type { CliTerminal } from '../terminal/terminal.ts';

/** Until the workspace's end: our input may stay open for as long as OpenSSH likes. Throws `HOST_KEY_CHANGED`. */
export async function carryProxy(stream: Duplex, { stdin, stdout }: CliTerminal, signal: AbortSignal): Promise<void> {
  limitGarbage();
  const up = pipeline(stdin, stream, { signal }).catch(() => undefined);
  const fault = await pipeline(stream, stdout, { end: false, signal }).catch((error: unknown) => error);
  stream.destroy();
  stdin.destroy();
  await up;
  // How a connection ends OpenSSH says itself; this it does not know.
  if (hasCode(fault, 'HOST_KEY_CHANGED')) throw fault;
}

/** OpenSSH shows our stderr amid its own lines, and editors only the last few: one line has to say it all. */
export async function reportProxyError(error: Error, terminal: CliTerminal, flags: PlaceFlags): Promise<void> {
  if (!(error instanceof WorkspaceError) || error.kind === 'interrupted')
    return reportFailure(error, { flags, toExitCode: () => SSH_FAILED });
  const [suggestion] = error.suggestions;
  const remedy = suggestion === undefined ? '' : `; try: ${toSpell(flags)(suggestion).line}`;
  say(terminal.stderr, `${toPrintable(`ws: ${error.message}${remedy}`, { oneLine: true })}\n`);
  process.exitCode = SSH_FAILED;
}
