import { Args } from '@oclif/core';
import { type Consent, requireConsent } from '../../cli/asking/consent.ts';
import { describeClosing } from '../../cli/asking/describe-when.ts';
import { workspaceArg, yesFlag } from '../../cli/command/flags.ts';
import { WorkspaceCommand } from '../../cli/command/workspace-command.ts';
import { type DoomedKey, getDoomedKey, removeKey } from '../../operations/authorized-keys.ts';
import { awaitKeys } from '../../operations/await-keys.ts';
import type { NamedKey } from '../../workspace/keys/keys.ts';

export default class KeysRm extends WorkspaceCommand<typeof KeysRm> {
  static override summary = 'Remove a key: it opens the workspace no longer';
  static override description =
    'New logins are refused as soon as the workspace has noticed, within 90 seconds at most; open sessions stay. It holds through later changes of the workspace. The last key cannot be removed, and a comment that several keys have names none.';
  static override examples = ['<%= config.bin %> keys rm me@old-laptop', '<%= config.bin %> keys rm SHA256:3Xk…'];
  static override args = {
    workspace: workspaceArg,
    key: Args.string({ ignoreStdin: true, description: 'fingerprint or comment of the key', required: true }),
  };
  static override flags = yesFlag;

  async run(): Promise<NamedKey[]> {
    const { args, flags } = this;
    const world = await this.world;
    const doomed = await getDoomedKey(await this.workspaceName(), args.key, world, this.signal);
    await requireConsent(toConsent(doomed), flags.yes, this);
    const removed = await removeKey(doomed, world, this.signal);
    if (removed.length === 0) this.log('Somebody else has removed that key already.');
    for (const key of removed) this.log(`Removed ${key.comment || key.type} ${key.fingerprint}`);
    const inForce = await this.perform((inWorld, signal) => awaitKeys(doomed.workspace, inWorld, signal));
    this.log(describeClosing(doomed.workspace, inForce));
    return removed;
  }
}

function toConsent({ workspace, key, isOwn }: DoomedKey): Consent {
  const what = `${key.comment || key.type} ${key.fingerprint}`;
  return {
    ...(isOwn ? { facts: [`${what} is a key of this machine, which may not get in without it`] } : {}),
    deed: `remove ${isOwn ? 'it' : what} from workspace ${workspace}`,
    undone: `${what} still opens workspace ${workspace}`,
  };
}
