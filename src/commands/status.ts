import { BaseCommand } from '../cli/command/base-command.ts';
import { workspaceArg } from '../cli/command/flags.ts';
import { status, type WorkspaceStatus } from '../operations/status.ts';
import { formatStatus } from '../report/results/lists.ts';

export default class Status extends BaseCommand<typeof Status> {
  static override summary = 'Show one workspace in depth: its state, what is wrong, its home and identity';
  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status dev --json'];
  static override args = { workspace: workspaceArg };

  async run(): Promise<WorkspaceStatus> {
    const { args } = this;
    const found = await status(await this.workspaceName(args.workspace), await this.world, this.signal);
    const { stdout, colorOnStdout } = this.terminal;
    this.log(
      formatStatus(found, { width: stdout.columns, color: colorOnStdout, nowMs: Date.now(), spell: this.spell }),
    );
    return found;
  }
}
