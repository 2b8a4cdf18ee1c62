import { pipeline } from 'node:stream/promises';
import { openProxy } from '../../operations/proxy.ts';
import { say } from '../../report/leaving.ts';
import { wrap } from '../../report/wrap.ts';
import type { ByteStream } from '../../workspace/byte-stream.ts';
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
import { createLossNotice } from './end/loss-notice.ts';
import type { ProxyRequest } from './requests.ts';
import { openWaitTeller } from './wake/tell-wait.ts';
import { toWaking } from './wake/to-waking.ts';

/** Does what `ws proxy` was asked for, and sets the exit code. */
export async function runProxy(
  request: ProxyRequest,
  terminal: CliTerminal,
  readLine: () => TypedCommand | undefined,
): Promise<void> {
  const { waitTimeoutMs, debug, wake } = request;
  const signal = interruptSignal();
  let { place, workspace } = request;
  try {
    // OpenSSH runs this anywhere, with the place of its host: no directory has a part in that.
    const found =
      place.context === undefined ? await findFolderBinding(() => openSettings(terminal, 'plain')) : undefined;
    const bound = applyBinding(place, found?.binding);
    place = bound.place;
    workspace ??= bound.workspace;
    const options = { workspace, waitTimeoutMs, waking: toWaking(wake, terminal) };
    const world = await openWorld(place, { ...request, isVerbose: debug });
    const stream = await openProxy(options, world, signal, openWaitTeller(terminal));
    await carry(stream, terminal, signal);
  } catch (error) {
    const name = workspace === undefined ? undefined : readAddress(workspace).name;
    await reportProxyError(error as Error, terminal, spellFrom({ place, workspace: name, typed: readLine() }), debug);
  }
}

/**
 * Until the workspace's end: our input may stay open for as long as OpenSSH likes. Throws `HOST_KEY_CHANGED`,
 * `CONNECTION_LOST`.
 */
async function carry(stream: ByteStream, terminal: CliTerminal, signal: AbortSignal): Promise<void> {
  const { stdin, stdout } = terminal;
  limitGarbage();
  stream.watch?.(createLossNotice(terminal));
  const up = pipeline(stdin, stream, { signal }).catch(() => undefined);
  const fault = await pipeline(stream, stdout, { end: false, signal }).catch((error: unknown) => error);
  stream.destroy();
  stdin.destroy();
  await up;
  // OpenSSH itself reports how a connection ends, but it does not know these.
  const isLost = stream.watch !== undefined && hasCode(fault, 'CONNECTION_LOST');
  if (isLost || hasCode(fault, 'HOST_KEY_CHANGED')) throw fault;
}

/**
 * OpenSSH mixes our stderr with its own lines, and editors show only the last few: one line has to say it all. A
 * terminal shows the command to copy on a line of its own.
 */
export async function reportProxyError(
  error: Error,
  terminal: CliTerminal,
  spell: Spell,
  debug: boolean,
): Promise<void> {
  if (!(error instanceof WorkspaceError) || error.kind === 'interrupted')
    return reportFailure(error, { spell, debug, toExitCode: () => SSH_FAILED });
  const [suggestion] = error.suggestions;
  const said = `ws: ${error.message}`;
  const remedy = suggestion === undefined ? undefined : spell(suggestion).line;
  const lines =
    remedy === undefined
      ? [said]
      : terminal.stderr.isTTY === true
        ? [...wrap(`${said}; try:`, terminal.columns), `  ${remedy}`]
        : [`${said}; try: ${remedy}`];
  say(terminal.stderr, lines.map((line) => `${toPrintable(line, { oneLine: true })}\n`).join(''));
  process.exitCode = SSH_FAILED;
}
