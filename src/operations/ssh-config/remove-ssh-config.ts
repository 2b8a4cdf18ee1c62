import { listHosts, type SshConfigFiles } from '../../workspace/ssh-config/ssh-config.ts';
import { removeInclude } from '../../workspace/ssh-config/ssh-config-include.ts';
import { withoutPins } from '../../workspace/ssh-config/users-pins.ts';
import { removeEmptied } from './made-files.ts';
import {
  type ConfigSshResult,
  planPublicKeys,
  type SshConfigPlan,
  toChange,
  toResult,
  writePublicKeys,
} from './plan.ts';

/** What `ws config-ssh` has written goes: its file, its line and its host keys. This needs no cluster. */
export async function planRemoval(includeLine: string, files: SshConfigFiles): Promise<SshConfigPlan> {
  const own = await toChange(files.own, () => '');
  return {
    hosts: [],
    late: [],
    damaged: [],
    includeLine,
    own,
    users: await toChange(files.users, (text) => removeInclude(text, includeLine)),
    usersKnownHosts: await toChange(files.usersKnownHosts, (text) => withoutPins(text, listHosts(own.before))),
    publicKeys: await planPublicKeys(own.before, '', [], files),
  };
}

/** The line goes first: without it OpenSSH reads none of the rest. */
export async function removeSshConfig(plan: SshConfigPlan, files: SshConfigFiles): Promise<ConfigSshResult> {
  await files.users.update((text) => removeInclude(text, plan.includeLine));
  await files.usersKnownHosts?.update((text) => withoutPins(text, listHosts(plan.own.before)));
  await removeEmptied([files.users, files.usersKnownHosts], files);
  await files.own.remove();
  await writePublicKeys(plan.publicKeys);
  return toResult(plan, false);
}
