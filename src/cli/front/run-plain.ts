import { openProxy } from '../../operations/proxy.ts';
import { ssh } from '../../operations/ssh.ts';
import { runToEnd } from '../../workspace/state/events.ts';
import { Passphrases } from '../asking/passphrase.ts';
import { hasNoSettings, peekWorkspace } from '../command/directory-workspace.ts';
import { DEFAULT_WAIT, parseDuration } from '../command/durations.ts';
import { toSshExitCode } from '../command/exit-codes.ts';
import { reportFailure } from '../command/report-error.ts';
import { carryProxy, reportProxyError } from '../session/carry-proxy.ts';
import { mayShare, startHolding } from '../session/held-connection.ts';
import { runSession } from '../session/run-session.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { openPassphraseStore, openWorld } from '../wiring.ts';
import type { PlainWords } from './plain-words.ts';

/**
 * Does what the command of this name does with these words, without a parser, and sets the exit code. False, and nothing
 * has happened, when the settings have to be looked into for the workspace's name.
 */
export async function runPlain(words: PlainWords, terminal: CliTerminal, root: string): Promise<boolean> {
  const { env } = process;
  const workspace = peekWorkspace(words.workspace);
  if (workspace === undefined && !hasNoSettings()) return false;
  const place = {
    context: words.context ?? (env.WS_CONTEXT || undefined),
    namespace: words.namespace ?? (env.WS_NAMESPACE || undefined),
    kubeconfig: words.kubeconfig,
  };
  if (words.verb === 'ssh') await runSsh({ ...words, ...place, workspace }, terminal, root);
  else await runProxy({ ...words, ...place, workspace }, terminal);
  return true;
}

async function runSsh(words: PlainWords, terminal: CliTerminal, root: string): Promise<void> {
  const { workspace, command } = words;
  const signal = interruptSignal();
  const passphrases = new Passphrases(terminal, signal, openPassphraseStore);
  try {
    const connect = { identityPath: undefined, acceptHostKey: undefined, askPassphrase: passphrases.ask };
    const request = { workspace, waitTimeoutMs: toWaitMs(), connect };
    const { connection } = await runToEnd(ssh(request, await openWorld(words), signal));
    await passphrases.offerToKeep(undefined);
    if (command !== undefined && workspace !== undefined && words.share && mayShare())
      await startHolding({ ...words, workspace }, root, passphrases.typed);
    const choice = { command, wantsTty: false, forwardAgent: false, escapes: true };
    try {
      process.exitCode = await runSession(connection, terminal, choice, signal);
    } finally {
      // Also after an interrupt, whose signal to the command must be on its way.
      await connection.close();
    }
  } catch (error) {
    await reportFailure(error as Error, { flags: words, toExitCode: toSshExitCode });
  }
}

async function runProxy(words: PlainWords, terminal: CliTerminal): Promise<void> {
  const signal = interruptSignal();
  try {
    const stream = await openProxy(words.workspace, toWaitMs(), await openWorld(words), signal);
    await carryProxy(stream, terminal, signal);
  } catch (error) {
    await reportProxyError(error as Error, terminal, words);
  }
}

function toWaitMs(): number {
  return parseDuration(DEFAULT_WAIT, 'wait-timeout');
}
