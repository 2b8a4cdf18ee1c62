import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/command/base-command.ts';
import { list } from '../../operations/look/list.ts';
import { formatWorkspaces } from '../../report/results/lists.ts';
import type { WorkspaceInfo } from '../../workspace/state/info.ts';

export default class Ls extends BaseCommand<typeof Ls> {
  static override summary = 'List the workspaces of a namespace or of the whole context, kept homes included';
  static override examples = [
    '<%= config.bin %> ls',
    '<%= config.bin %> ls --usage',
    '<%= config.bin %> ls --all-namespaces',
    '<%= config.bin %> ls --namespace team --json',
  ];
  static override flags = {
    'all-namespaces': Flags.boolean({
      char: 'A',
      description: 'those of every namespace of the context, if you may list them',
    }),
    usage: Flags.boolean({ description: 'ask each workspace how full the disk of its home is' }),
  };

  async run(): Promise<WorkspaceInfo[]> {
    const { flags } = this;
    const { usage, 'all-namespaces': allNamespaces } = flags;
    const workspaces = await list(await this.world, this.signal, { usage, allNamespaces });
    const { stdout, colorOnStdout } = this.terminal;
    const options = {
      width: stdout.columns,
      color: colorOnStdout,
      nowMs: Date.now(),
      usage,
      allNamespaces,
      spell: this.spell,
    };
    this.log(formatWorkspaces(workspaces, options));
    return workspaces;
  }
}
