/** What is on the user's machine: settings, the keyring, OpenSSH's configuration, programs. */
import path from 'node:path';
import { leadElsewhere } from '../../adapters/files/look-at.ts';
import { openTextFile } from '../../adapters/files/text-file.ts';
import { createPassphraseStore } from '../../adapters/keyring/passphrase-store.ts';
import * as askpass from '../../adapters/ssh/keys/askpass.ts';
import type { SettingsStore } from '../../workspace/choices/settings.ts';
import { advice } from '../../workspace/errors/suggestion.ts';
import type { PassphraseStore } from '../../workspace/keys/passphrases.ts';
import type { SshConfigFiles, TextFile } from '../../workspace/ssh-config/ssh-config.ts';
import { configFolder, homeFolder } from './folders.ts';

export { tryProgram } from '../../adapters/ssh/try-program.ts';

/** Settings load `conf` and its validator, which `ws ssh` can do without when there is no file. */
export async function openSettingsStore(): Promise<SettingsStore> {
  const { openSettings } = await import('../../adapters/files/settings-store.ts');
  return openSettings(configFolder(), Date.now());
}

/** The system's keyring; its native part is optional and loaded only when a passphrase is asked for. */
export async function openPassphraseStore(): Promise<PassphraseStore> {
  return createPassphraseStore();
}

/** The program that asks for a passphrase where the terminal does not; undefined where there is none. */
export function findAskpass(hasTerminal: boolean) {
  const program = askpass.findAskpass(process.env, hasTerminal);
  if (program === undefined) return undefined;
  return (question: string, signal: AbortSignal) => askpass.runAskpass(program, question, signal);
}

/** The Host blocks of `ws config-ssh`; there is no such file before. */
export function ownSshConfigFile(): string {
  return path.join(configFolder(), 'ssh_config');
}

/** OpenSSH's own list of host keys, which `ws` writes only if it is asked to. */
export function openUsersKnownHosts(): TextFile {
  return openTextFile(path.join(homeFolder(), '.ssh', 'known_hosts'));
}

/** OpenSSH's configuration: the file of `ws`'s own and the user's, which may have to get its line by hand. */
export async function openSshConfig(toIncludeLine: (ownFile: string) => string): Promise<SshConfigFiles> {
  const ownFile = ownSshConfigFile();
  const openOwn = (file: string) => openTextFile(file, () => leadElsewhere(file));
  const usersFile = path.join(homeFolder(), '.ssh', 'config');
  return {
    own: openOwn(ownFile),
    beside: (name) => openOwn(path.join(configFolder(), name)),
    usersKnownHosts: openUsersKnownHosts(),
    users: openTextFile(usersFile, () => [
      advice(`Put this line at the top of ${usersFile} yourself: ${toIncludeLine(ownFile)}`),
    ]),
  };
}
