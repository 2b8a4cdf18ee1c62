import path from 'node:path';
import type { UpResult } from '../../operations/up.ts';
import { say } from '../../report/leaving.ts';
import type { Identity } from '../../workspace/keys/keys.ts';
import type { World } from '../../workspace/world.ts';
import { runTold } from '../session/end/tell-end.ts';
import { startShell } from '../session/run-session.ts';
import { accountHome, homeFolder } from '../terminal/machine.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { describeArrival } from './arrival.ts';
import { findStalePin } from './stale-pin.ts';

/** The files in `~/.ssh` that OpenSSH tries by itself (ssh_config(5), IdentityFile). */
const TRIED = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk'];

/**
 * The file of the key that logged in, if OpenSSH tries it only by name; undefined for a key of the agent, which it asks
 * by itself. It takes the home from passwd, whatever HOME says.
 */
export function findUntried({ source, path: file }: Identity, home = accountHome() ?? homeFolder()) {
  if (source === 'agent' || file === undefined) return undefined;
  const isTried = path.dirname(file) === path.join(home, '.ssh') && TRIED.includes(path.basename(file));
  return isTried ? undefined : file;
}

/** A shell that may have started while the checklist was still on the terminal. */
export type StartedShell = ReturnType<typeof startShell>;

/**
 * Says where you are and how another client gets here, hands over the terminal, and says what ended the shell if that
 * was not itself. Returns the shell's exit status.
 */
export async function arrive(
  { info, snapshot, connection, listener }: UpResult,
  started: StartedShell | undefined,
  terminal: CliTerminal,
  world: World,
  signal: AbortSignal,
): Promise<number> {
  const stalePin = listener && (await findStalePin(info.name, listener.port, world, signal));
  const { columns } = terminal.stderr;
  const key = findUntried(connection.identity);
  say(terminal.stderr, describeArrival(info, listener?.port, { stalePin, key, columns }));
  const takeShell = started ?? startShell(connection, info.name, terminal, signal);
  const session = { workspace: info.name, pod: snapshot.pod?.name, tmux: undefined };
  return runTold(takeShell, session, terminal, world, signal);
}
