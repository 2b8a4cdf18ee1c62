import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SshConfigRequest } from '../operations/steps/find-ssh-identity.ts';
import { say } from '../report/leaving.ts';
import type { SshConfigFiles } from '../workspace/ssh-config.ts';
import { toIncludeLine } from '../workspace/ssh-config-include.ts';
import type { World } from '../workspace/world.ts';
import { homeFolder } from './machine.ts';
import { findKubeconfigToName, findOwnProgram } from './own-program.ts';
import type { CliTerminal } from './terminal.ts';
import { openSshConfig, ownSshConfigFile } from './wiring.ts';

/** The user's and `ws`'s files of OpenSSH's configuration, and the line that joins them. */
export async function openSshConfigFiles(): Promise<{ files: SshConfigFiles; includeLine: string }> {
  const toLine = (file: string) => toIncludeLine(file, process.platform);
  const { openTextFile } = await import('../adapters/ssh/text-file.ts');
  const knownHosts = path.join(homeFolder(), '.ssh', 'known_hosts');
  const files = {
    ...(await openSshConfig(toLine)),
    usersKnownHosts: openTextFile(knownHosts, [`ls -l ${knownHosts}`]),
  };
  return { files, includeLine: toLine(files.own.path) };
}

/** What Host blocks need to know of this program and of the flags. */
export function toSshConfigRequest(
  root: string,
  flags: { kubeconfig?: string | undefined; identity?: string | undefined },
  world: World,
): SshConfigRequest {
  return {
    program: {
      words: findOwnProgram(root, process.env),
      platform: process.platform,
      knownHostsFile: world.knownHosts.path,
    },
    kubeconfig: findKubeconfigToName(flags.kubeconfig, process.env),
    identityPath: flags.identity,
  };
}

/**
 * Changes `ws`'s own file after a command that has done its work already: what goes wrong here is a note, and no failure.
 * `work` is an operation of `operations/keep-ssh-config.ts`.
 */
export async function keepSshConfig(
  root: string,
  flags: { kubeconfig?: string | undefined; identity?: string | undefined },
  world: World,
  terminal: CliTerminal,
  work: (request: SshConfigRequest, files: SshConfigFiles) => Promise<void>,
): Promise<void> {
  // Most people have none, and what would find that out is still to be loaded.
  if (!existsSync(ownSshConfigFile())) return;
  try {
    const { files } = await openSshConfigFiles();
    await work(toSshConfigRequest(root, flags, world), files);
  } catch (error) {
    say(terminal.stderr, `Note: ws's own ssh configuration is not up to date: ${(error as Error).message}\n`);
  }
}
