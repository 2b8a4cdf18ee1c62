import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { type AuthorizedKey, removeKeys } from '../../operations/authorized-keys.ts';

export default class KeysRm extends BaseCommand {
  static override summary = 'Take a key its access away';
  static override description =
    'New logins are refused within 90 seconds; open sessions stay. The last key cannot be removed.';
  static override examples = ['<%= config.bin %> keys rm me@old-laptop', '<%= config.bin %> keys rm SHA256:3Xk…'];
  static override args = {
    key: Args.string({ ignoreStdin: true, description: 'fingerprint or comment of the key', required: true }),
  };
  static override flags = {
    workspace: Flags.string({
      char: 'w',
      description: "workspace; default: this directory's, or the only one",
      helpValue: 'NAME',
    }),
  };

  async run(): Promise<AuthorizedKey[]> {
    const { args, flags } = await this.parse(KeysRm);
    this.useGlobals(flags);
    const removed = await removeKeys(
      await this.workspaceName(flags.workspace),
      args.key,
      await this.world,
      this.signal,
    );
    this.log(removed.map((key) => `Removed ${key.comment || key.type} ${key.fingerprint}`).join('\n'));
    return removed;
  }
}
