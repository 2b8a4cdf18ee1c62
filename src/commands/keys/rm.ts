import { Args } from '@oclif/core';
import { requireConsent } from '../../cli/asking/consent.ts';
import { describeClosing } from '../../cli/asking/describe-when.ts';
import {
  explainSwapped,
  explainWordAlone,
  findWayBack,
  suggestQuotes,
  toRemovalConsent,
} from '../../cli/asking/key-removal.ts';
import { findPublicKeys, putWorkspaceFirst } from '../../cli/asking/read-public-keys.ts';
import { workspaceArg, yesFlag } from '../../cli/command/flags.ts';
import { WorkspaceCommand } from '../../cli/command/workspace-command.ts';
import { getDoomedKey, removeKey } from '../../operations/authorized-keys.ts';
import { awaitKeys } from '../../operations/await-keys.ts';
import { sayNote } from '../../report/notes.ts';
import { describeKey, type NamedKey } from '../../workspace/keys/keys.ts';

export default class KeysRm extends WorkspaceCommand<typeof KeysRm> {
  static changesWorkspace = true;
  static override summary = 'Remove a key: it opens the workspace no longer';
  static override description =
    'New logins are refused as soon as the workspace has noticed, within 90 seconds at most; open sessions stay. It holds through later changes of the workspace. The last key cannot be removed, and a comment that several keys have names none.';
  static override examples = ['<%= config.bin %> keys rm me@old-laptop', '<%= config.bin %> keys rm SHA256:3Xk…'];
  static override args = {
    workspace: workspaceArg,
    key: Args.string({
      ignoreStdin: true,
      description: 'fingerprint, comment or public key file of the key, or the key itself',
      required: true,
    }),
  };
  static override flags = yesFlag;

  protected override putInOrder(words: (string | undefined)[]): (string | undefined)[] {
    return putWorkspaceFirst(words, 'rm');
  }

  async run(): Promise<NamedKey[]> {
    const { args, flags } = this;
    const world = await this.world;
    const wanted = { word: args.key, findBlobs: findPublicKeys };
    const doomed = await getDoomedKey(await this.workspaceName(), wanted, world, this.signal).catch(async (error) => {
      const { workspace, key } = args;
      throw workspace === undefined
        ? await explainWordAlone(error, key, world, this.signal)
        : await explainSwapped(error, [workspace, key], world, this.signal);
    });
    await requireConsent(toRemovalConsent(doomed), flags.yes, this);
    const removed = await removeKey(doomed, world, this.signal);
    if (removed.length === 0) this.log('Somebody else has removed that key already.');
    for (const key of removed) this.log(`Removed ${describeKey(key)}`);
    const inForce = await this.perform((inWorld, signal) => awaitKeys(doomed.workspace, inWorld, signal));
    this.log(describeClosing(doomed.workspace, inForce));
    const back = removed.length === 0 ? undefined : findWayBack(doomed);
    if (back !== undefined)
      sayNote(this.terminal.stderr, {
        text: 'no key of this machine opens it any more. To let one in:',
        command: this.toCopy(back),
      });
    return removed;
  }

  protected override catch(error: Error): Promise<void> {
    return super.catch(suggestQuotes(error, this.line, this.typed));
  }
}
