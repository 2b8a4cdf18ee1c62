import { WorkspaceCommand } from '../../cli/command/workspace-command.ts';
import { status, type WorkspaceStatus } from '../../operations/look/status.ts';
import { formatStatus } from '../../report/results/lists.ts';

export default class Status extends WorkspaceCommand<typeof Status> {
  static changesWorkspace = false;
  static override summary = 'Show one workspace in depth: its state, what is wrong, its home and identity';
  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status dev --json'];

  async run(): Promise<WorkspaceStatus> {
    const found = await status(await this.workspaceName(), await this.world, this.signal);
    const { stdout, colorOnStdout } = this.terminal;
    this.log(
      formatStatus(found, { width: stdout.columns, color: colorOnStdout, nowMs: Date.now(), spell: this.spell }),
    );
    return found;
  }
}
