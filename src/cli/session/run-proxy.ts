import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openProxy } from '../../operations/proxy.ts';
import { say } from '../../report/leaving.ts';
import { hasCode, WorkspaceError } from '../../workspace/errors/errors.ts';
import { toPrintable } from '../../workspace/errors/printable.ts';
import type { Spell } from '../../workspace/errors/spell.ts';
import type { TypedCommand } from '../../workspace/errors/typed-command.ts';
import { readAddress } from '../../workspace/naming/address.ts';
import { applyBinding } from '../../workspace/naming/binding.ts';
import { SSH_FAILED } from '../command/exit-codes.ts';
import { openSettings } from '../command/open-settings.ts';
import { reportFailure } from '../command/report-error.ts';
import { spellFrom } from '../command/spelling.ts';
import { findFolderBinding } from '../here/folder-binding.ts';
import { limitGarbage } from '../terminal/garbage.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { openWorld } from '../wiring/world.ts';
import type { ProxyRequest } from './requests.ts';

/** Does what `ws proxy` was asked for, and sets the exit code. */
export async function runProxy(
  request: ProxyRequest,
  terminal: CliTerminal,
  readLine: () => TypedCommand | undefined,
): Promise<void> {
  const { waitTimeoutMs, debug } = request;
  const signal = interruptSignal();
  let { place, workspace } = request;
  try {
    // OpenSSH runs this anywhere, with the place of its host: no directory has a part in that.
    const found =
      place.context === undefined ? await findFolderBinding(() => openSettings(terminal, 'plain')) : undefined;
    const bound = applyBinding(place, found?.binding);
    place = bound.place;
    workspace ??= bound.workspace;
    const stream = await openProxy(workspace, waitTimeoutMs, await openWorld(place), signal);
    await carry(stream, terminal, signal);
  } catch (error) {
    const name = workspace === undefined ? undefined : readAddress(workspace).name;
    await reportProxyError(error as Error, terminal, spellFrom({ place, workspace: name, typed: readLine() }), debug);
  }
}

/** Until the workspace's end: our input may stay open for as long as OpenSSH likes. Throws `HOST_KEY_CHANGED`. */
async function carry(stream: Duplex, { stdin, stdout }: CliTerminal, signal: AbortSignal): Promise<void> {
  limitGarbage();
  const up = pipeline(stdin, stream, { signal }).catch(() => undefined);
  const fault = await pipeline(stream, stdout, { end: false, signal }).catch((error: unknown) => error);
  stream.destroy();
  stdin.destroy();
  await up;
  // OpenSSH itself reports how a connection ends, but it does not know this.
  if (hasCode(fault, 'HOST_KEY_CHANGED')) throw fault;
}

/** OpenSSH mixes our stderr with its own lines, and editors show only the last few: one line has to say it all. */
export async function reportProxyError(
  error: Error,
  terminal: CliTerminal,
  spell: Spell,
  debug: boolean,
): Promise<void> {
  if (!(error instanceof WorkspaceError) || error.kind === 'interrupted')
    return reportFailure(error, { spell, debug, toExitCode: () => SSH_FAILED });
  const [suggestion] = error.suggestions;
  const remedy = suggestion === undefined ? '' : `; try: ${spell(suggestion).line}`;
  say(terminal.stderr, `${toPrintable(`ws: ${error.message}${remedy}`, { oneLine: true })}\n`);
  process.exitCode = SSH_FAILED;
}
