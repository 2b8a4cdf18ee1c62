import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ConfigSshRequest } from '../../operations/config-ssh.ts';
import type { SshConfigRequest } from '../../operations/ssh-config/find-ssh-identity.ts';
import { sayNote } from '../../report/notes.ts';
import { listLateNotes } from '../../report/results/ssh-config.ts';
import type { WayToCluster } from '../../workspace/api-access.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { type Command, run } from '../../workspace/errors/suggestion.ts';
import type { LateHost } from '../../workspace/ssh-config/host-names.ts';
import type { SshConfigFiles } from '../../workspace/ssh-config/ssh-config.ts';
import { toIncludeLine } from '../../workspace/ssh-config/ssh-config-include.ts';
import { LAUNCHER_NAME, renderLauncher } from '../../workspace/ssh-config/ssh-launcher.ts';
import type { World } from '../../workspace/world.ts';
import { configFolder, findUnreadConfig, isRefusedByOpenSsh } from '../terminal/machine.ts';
import { findKubeconfigToName, findLauncher, findOwnProgram } from '../terminal/own-program.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { openSshConfig, ownSshConfigFile } from '../wiring/user-machine.ts';
import { parseDirectAddresses } from './direct-addresses.ts';
import { parseWakeRules } from './wake-rules.ts';

interface PlaceFlags {
  kubeconfig?: string | undefined;
  identity?: string | undefined;
}

/** The user's and `ws`'s files of OpenSSH's configuration, and the line that joins them. */
export async function openSshConfigFiles(): Promise<{ files: SshConfigFiles; includeLine: string }> {
  const toLine = (file: string) => toIncludeLine(file, process.platform);
  const files = await openSshConfig(toLine);
  return { files, includeLine: toLine(files.own.path) };
}

/** What Host blocks need to know of this program and of the flags. */
export function toSshConfigRequest(root: string, flags: PlaceFlags, world: World): SshConfigRequest {
  return {
    program: { ...findProgram(root), platform: process.platform, knownHostsFile: world.knownHosts.path },
    ...findKubeconfigToName(flags.kubeconfig, process.env),
    identityPath: flags.identity,
  };
}

/** What the flags of `ws config-ssh` ask for, checked. Throws `BAD_VALUE`. */
export function toSetUpRequest(
  root: string,
  flags: PlaceFlags & { 'known-hosts': boolean; wake?: string[] | undefined; direct?: string[] | undefined },
  world: World,
): Omit<ConfigSshRequest, 'includeLine'> {
  return {
    ...toSshConfigRequest(root, flags, world),
    pinsForUser: flags['known-hosts'],
    wake: parseWakeRules(flags.wake),
    direct: parseDirectAddresses(flags.direct),
  };
}

/** What logs in to one of our hosts with OpenSSH; undefined where that runs for nobody like us. */
export function toSshCommand(host: string): Command | undefined {
  if (isRefusedByOpenSsh()) return undefined;
  const unread = findUnreadConfig();
  return unread === undefined ? run('ssh')`${host}` : run('ssh')`-F ${unread.file} ${host}`;
}

/** The parts of our environment that ssh, or a program that starts it, will not have. */
export function listSshNotes({ access }: WayToCluster): string[] {
  const unread = findUnreadConfig();
  // No file of ours may keep them: they may hold a password.
  const set = access.variables;
  return [
    ...(isRefusedByOpenSsh() ? ['ssh refuses to run for a user that /etc/passwd does not know'] : []),
    ...(unread === undefined
      ? []
      : [`ssh reads ${unread.read}, whatever HOME says; it reads ${unread.file} where -F names it`]),
    ...(set.length > 0
      ? [
          `the cluster is reached by ${set.join(', ')}, which a program of the desktop need not have; proxy-url and certificate-authority of the kubeconfig hold for all`,
        ]
      : []),
  ];
}

/** Makes a launcher where there is a POSIX shell. */
function findProgram(root: string): Pick<SshConfigRequest['program'], 'words' | 'launcher'> {
  if (process.platform === 'win32') return { words: findOwnProgram(root) };
  const folder = configFolder();
  const launcher = renderLauncher(findLauncher(root, process.env, folder));
  return { words: ['/bin/sh', path.join(folder, LAUNCHER_NAME)], launcher };
}

/**
 * Changes `ws`'s own file after a command that has done its work already: what goes wrong here is a note, and no
 * failure. `work` is an operation of `operations/ssh-config/keep-ssh-config.ts`.
 */
export async function keepSshConfig(
  root: string,
  flags: { kubeconfig?: string | undefined; identity?: string | undefined },
  world: World,
  terminal: CliTerminal,
  work: (request: SshConfigRequest, files: SshConfigFiles) => Promise<LateHost | undefined>,
): Promise<void> {
  // Most people have no such file. Check that before loading the rest.
  if (!existsSync(ownSshConfigFile())) return;
  try {
    const { files } = await openSshConfigFiles();
    const late = await work(toSshConfigRequest(root, flags, world), files);
    for (const note of listLateNotes(late === undefined ? [] : [late])) sayNote(terminal.stderr, { text: note });
  } catch (error) {
    sayNote(terminal.stderr, { text: `ws's own ssh configuration is not up to date: ${toReason(error, 'file')}` });
  }
}
