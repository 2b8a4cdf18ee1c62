import path from 'node:path';
import { ssh } from '../../operations/ssh.ts';
import { tellIfStopped } from '../../workspace/errors/tell-if-interrupted.ts';
import { Passphrases } from '../asking/passphrase.ts';
import { Progress } from '../command/progress.ts';
import { type Here, spellFrom } from '../command/spelling.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { openPassphraseStore } from '../wiring/user-machine.ts';
import { openWorld, startHolder } from '../wiring/world.ts';
import { toJobInput } from './detached/job-input.ts';
import { runTold } from './end/tell-end.ts';
import { explainMissing } from './explain-missing.ts';
import { type HeldRequest, mayBeHeld } from './held-connection.ts';
import type { SshRequest } from './requests.ts';
import { runSession } from './run-session.ts';
import { toWaking } from './wake/to-waking.ts';
import { isAttached } from './words/tmux.ts';

/** Logs in, and leaves a held connection where the next command can use one. Returns the remote status. */
export async function runOverOwnConnection(
  request: SshRequest,
  terminal: CliTerminal,
  root: string,
  here: Here & { workspace: string | undefined },
): Promise<number> {
  const { place, workspace, waitTimeoutMs, identityPath, acceptHostKey, forwards: wanted } = request;
  const signal = interruptSignal();
  const progress = new Progress(terminal, request.progress, spellFrom(here), (found) => {
    here.workspace = found;
  });
  const passphrases = new Passphrases(terminal, signal, openPassphraseStore, progress.whileAsking);
  const connect = { identityPath, acceptHostKey, askPassphrase: passphrases.ask };
  const waking = toWaking(request.wake, terminal);
  const login = { workspace, waitTimeoutMs, waking, connect, ...(wanted === undefined ? {} : { forwards: wanted }) };
  const world = await openWorld(place, { ...request, isVerbose: request.debug });
  const { endpoint, connection, forwards } = await progress
    .perform(tellIfStopped('No session was opened', ssh(login, world, signal)))
    .catch((error: unknown) => explainMissing(error, request, world, signal));
  await passphrases.offerToKeep(request.keepPassphrase);
  // Another name than its own may lead to another workspace tomorrow.
  if (mayBeHeld(request) && request.workspace === here.workspace) startHolding(request, root, passphrases.typed);
  const { workspace: name, pod } = endpoint;
  try {
    const { tmux } = request;
    const session = tmux === undefined || isAttached(tmux) ? terminal : { ...terminal, stdin: toJobInput(tmux) };
    const run = () => runSession(connection, session, { ...request, name }, signal);
    return await runTold(run, { workspace: name, pod, tmux: request.tmux }, terminal, world, signal);
  } finally {
    await forwards?.close();
    // Close it after an interrupt too: the signal to the command must get out first.
    await connection.close();
  }
}

/** Starts the process that holds a connection for the commands to come; it ends at once where there is one already. */
function startHolding({ place, workspace }: HeldRequest, root: string, passphrase: string | undefined): void {
  const { context, namespace, kubeconfig } = place;
  const { KUBECONFIG: list } = process.env;
  // The holder runs in another folder.
  const files = list === undefined ? {} : { KUBECONFIG: toAbsoluteList(list) };
  const flags = [
    ...(context === undefined ? [] : ['--context', context]),
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', path.resolve(kubeconfig)]),
  ];
  startHolder(
    [process.execPath, path.join(root, 'bin', 'run.js'), 'hold', workspace, ...flags],
    { ...process.env, ...files },
    passphrase ?? '',
  );
}

function toAbsoluteList(files: string): string {
  return files
    .split(path.delimiter)
    .map((file) => (file === '' ? '' : path.resolve(file)))
    .join(path.delimiter);
}
