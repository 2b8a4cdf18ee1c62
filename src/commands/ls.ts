import { BaseCommand } from '../cli/base-command.ts';
import { list } from '../operations/list.ts';
import { formatWorkspaces } from '../report/lists.ts';
import type { WorkspaceInfo } from '../workspace/info.ts';

export default class Ls extends BaseCommand {
  static override summary = 'List the workspaces of a namespace, kept homes included';
  static override examples = ['<%= config.bin %> ls', '<%= config.bin %> ls --namespace team --json'];

  async run(): Promise<WorkspaceInfo[]> {
    const { flags } = await this.parse(Ls);
    this.useGlobals(flags);
    const workspaces = await list(await this.world, this.signal);
    const { stdout, colorOnStdout } = this.terminal;
    this.log(formatWorkspaces(workspaces, { width: stdout.columns, color: colorOnStdout, nowMs: Date.now() }));
    return workspaces;
  }
}
