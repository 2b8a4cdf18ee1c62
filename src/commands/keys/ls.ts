import { BaseCommand } from '../../cli/command/base-command.ts';
import { workspaceArg } from '../../cli/command/flags.ts';
import { listKeys } from '../../operations/authorized-keys.ts';
import { formatKeys } from '../../report/results/lists.ts';
import type { NamedKey } from '../../workspace/keys/keys.ts';

export default class KeysLs extends BaseCommand<typeof KeysLs> {
  static override summary = 'List the keys that open a workspace';
  static override examples = ['<%= config.bin %> keys ls', '<%= config.bin %> keys ls dev'];
  static override args = { workspace: workspaceArg };

  async run(): Promise<NamedKey[]> {
    const { args } = this;
    const keys = await listKeys(await this.workspaceName(args.workspace), await this.world, this.signal);
    this.log(
      formatKeys(keys, { width: this.terminal.stdout.columns, color: this.terminal.colorOnStdout, spell: this.spell }),
    );
    return keys;
  }
}
