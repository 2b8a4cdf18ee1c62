/** What `ws config-ssh` is about to write or to take away. Nothing of it is written yet. */
import type { LateHost } from '../../workspace/ssh-config/host-names.ts';
import {
  listPublicKeyNames,
  type SshConfigFiles,
  type SshHost,
  type TextFile,
} from '../../workspace/ssh-config/ssh-config.ts';
import { LAUNCHER_NAME } from '../../workspace/ssh-config/ssh-launcher.ts';
import type { SshIdentity } from './find-ssh-identity.ts';

/** With the name to type after `ssh`. */
export interface NamedHost extends SshHost {
  name: string;
}

export interface SshConfigPlan {
  hosts: NamedHost[];
  /** Those that are not called `ws-NAME`, because another place's host is. */
  late: LateHost[];
  /** Workspaces that get no block, because what they say of themselves cannot be believed. */
  damaged: string[];
  /** The line that the user's configuration needs. */
  includeLine: string;
  own: FileChange;
  users: FileChange;
  /**
   * The launcher and public keys to be written beside the own file, and keys of earlier that no block names any more.
   */
  publicKeys: PublicKeyChange[];
  /** The change of the user's own known_hosts. */
  usersKnownHosts: FileChange;
}

export interface FileChange {
  path: string;
  before: string;
  after: string;
}

/** A file; it is removed where `after` is empty. */
export interface PublicKeyChange extends FileChange {
  file: TextFile;
}

export interface ConfigSshResult {
  /** Names to type after `ssh`. */
  hosts: string[];
  damaged: string[];
  /** The file with the Host blocks. */
  file: string;
  includeLine: string;
  /** Whether the line is there now. */
  included: boolean;
  /** What was changed, or would be with `--dry-run`. */
  changed: string[];
}

/** All files of a plan, those that stay as they are as well. */
export function listChanges({ users, own, usersKnownHosts, publicKeys }: SshConfigPlan): FileChange[] {
  return [users, own, usersKnownHosts, ...publicKeys];
}

export function isChanged({ before, after }: FileChange): boolean {
  return before !== after;
}

/** The plan, carried out or only shown, as far as `changes` goes. */
export function toResult(plan: SshConfigPlan, included: boolean, changes = listChanges(plan)): ConfigSshResult {
  const { hosts, damaged, own, includeLine } = plan;
  return {
    hosts: hosts.map(({ name }) => name),
    damaged,
    file: own.path,
    includeLine,
    included,
    changed: changes.filter(isChanged).map(({ path }) => path),
  };
}

export async function toChange(file: TextFile | undefined, change: (text: string) => string): Promise<FileChange> {
  const before = (await file?.read()) ?? '';
  return { path: file?.path ?? '', before, after: change(before) };
}

/** Names the launcher, the files that the blocks of `after` use, and those that only the blocks of `before` used. */
export async function planPublicKeys(
  before: string,
  after: string,
  identities: (SshIdentity | undefined)[],
  files: SshConfigFiles,
  launcher = '',
): Promise<PublicKeyChange[]> {
  const wanted = new Map(
    identities.flatMap((identity) => identity?.publicKey ?? []).map((key) => [key.name, key.text]),
  );
  const stale = listPublicKeyNames(before).filter((name) => !listPublicKeyNames(after).includes(name));
  const changes: [string, string][] = [
    [LAUNCHER_NAME, launcher],
    ...wanted,
    ...stale.map((name): [string, string] => [name, '']),
  ];
  return Promise.all(
    changes.map(async ([name, text]) => {
      const file = files.beside(name);
      return { path: file.path, before: await file.read(), after: text, file };
    }),
  );
}

/** Writes and removes the launcher and the public key files. */
export async function writePublicKeys(changes: PublicKeyChange[]): Promise<void> {
  for (const { file, after } of changes) await (after === '' ? file.remove() : file.update(() => after));
}
