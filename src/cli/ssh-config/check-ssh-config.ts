import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../operations/doctor/examine.ts';
import { WorkspaceError } from '../../workspace/errors/errors.ts';
import { type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import { listRememberedHosts, type RememberedHost } from '../../workspace/ssh-config/ssh-config-memory.ts';
import { LAUNCHER_NAME } from '../../workspace/ssh-config/ssh-launcher.ts';
import { configFolder, homeFolder } from '../terminal/machine.ts';
import { openSshConfig, tryProgram } from '../wiring/user-machine.ts';
import { verifyPlace } from '../wiring/world.ts';

/**
 * Whether what the Host blocks remember is still so, for a program that has none of our environment. Undefined where
 * `ws config-ssh` has not been, or leads nowhere.
 */
export async function checkSshConfig(signal: AbortSignal): Promise<Finding | undefined> {
  const { own } = await openSshConfig(() => '');
  const hosts = listRememberedHosts(await own.read());
  if (hosts.length === 0) return undefined;
  const faults = [
    await findLauncherFault(hosts, signal),
    ...(await Promise.all(hosts.map(async (host) => toFault(host, await findHostFault(host))))),
  ].filter((fault) => fault !== undefined);
  const [first] = faults;
  return {
    check: 'ssh hosts',
    verdict: first === undefined ? 'good' : 'warning',
    detail: first === undefined ? hosts.map(({ name }) => name).join(', ') : faults.map(({ what }) => what).join('; '),
    suggestion: first?.suggestion,
  };
}

interface Fault {
  what: string;
  suggestion: Suggestion;
}

function toFault(host: RememberedHost, what: string | undefined): Fault | undefined {
  if (what === undefined) return undefined;
  const suggestion = { ...ws`config-ssh`, place: { context: host.context, namespace: host.namespace } };
  return { what: `${host.name}: ${what}`, suggestion };
}

/** Windows has no launcher. Its blocks name this Node and the program. */
async function findLauncherFault(hosts: RememberedHost[], signal: AbortSignal): Promise<Fault | undefined> {
  if (process.platform === 'win32') return undefined;
  const launcher = path.join(configFolder(), LAUNCHER_NAME);
  const suggestion = ws`config-ssh`;
  const older = hosts.filter(({ proxyCommand }) => !proxyCommand.includes(`/${LAUNCHER_NAME}`)).map(({ name }) => name);
  if (older.length > 0)
    return {
      what: `${older.join(', ')}: an earlier ws wrote it, and a program of the desktop need not find ws`,
      suggestion,
    };
  if (!existsSync(launcher)) return { what: `${launcher}, which starts ws for ssh, is gone`, suggestion };
  const answer = await tryProgram(['/bin/sh', launcher, '--version'], homeFolder(), signal);
  if (answer?.startsWith('ws-workspace/')) return undefined;
  return { what: `${launcher} does not find ws any more where PATH is short`, suggestion };
}

async function findHostFault({ context, namespace, kubeconfig, identityFile }: RememberedHost) {
  if (identityFile !== undefined && !existsSync(identityFile)) return `the key ${identityFile} is gone`;
  try {
    await verifyPlace(context, namespace, kubeconfig?.split(path.delimiter));
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    return error.reason === undefined ? error.message : `${error.message}: ${error.reason}`;
  }
}
