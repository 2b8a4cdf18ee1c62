import { Args, Flags } from '@oclif/core';
import { confirm } from '../../cli/asking/confirm.ts';
import { workspaceArg } from '../../cli/command/flags.ts';
import { WorkspaceCommand } from '../../cli/command/workspace-command.ts';
import { type DoomedKey, getDoomedKey, removeKey } from '../../operations/authorized-keys.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import type { NamedKey } from '../../workspace/keys/keys.ts';

export default class KeysRm extends WorkspaceCommand<typeof KeysRm> {
  static override summary = 'Remove a key: it opens the workspace no longer';
  static override description =
    'New logins are refused within 90 seconds; open sessions stay. It holds through later changes of the workspace. The last key cannot be removed, a key of this machine only after a question, and a comment that several keys have names none.';
  static override examples = ['<%= config.bin %> keys rm me@old-laptop', '<%= config.bin %> keys rm SHA256:3Xk…'];
  static override args = {
    workspace: workspaceArg,
    key: Args.string({ ignoreStdin: true, description: 'fingerprint or comment of the key', required: true }),
  };
  static override flags = {
    yes: Flags.boolean({ char: 'y', description: "remove this machine's own key without asking", env: 'WS_YES' }),
  };

  async run(): Promise<NamedKey[]> {
    const { args, flags } = this;
    const world = await this.world;
    const doomed = await getDoomedKey(await this.workspaceName(), args.key, world, this.signal);
    if (doomed.isOwn && !flags.yes) await this.#agree(doomed);
    const removed = await removeKey(doomed, world, this.signal);
    this.log(
      removed.length === 0
        ? 'Somebody else has removed that key already.'
        : removed.map((key) => `Removed ${key.comment || key.type} ${key.fingerprint}`).join('\n'),
    );
    return removed;
  }

  async #agree({ workspace, key }: DoomedKey): Promise<void> {
    const what = `${key.comment || key.type} ${key.fingerprint}`;
    this.requireInteractive(`Whether this machine's own key ${what} goes`, {
      ...ws`keys rm ${key.fingerprint} --yes`,
      workspace,
    });
    await confirm(
      `${what} is a key of this machine. Take its access to ${workspace} away?`,
      this.terminal,
      this.signal,
    );
  }
}
