import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/command/base-command.ts';
import { list } from '../../operations/look/list.ts';
import { formatNoWorkspaces, formatWorkspaces } from '../../report/results/lists.ts';
import { findMeant } from '../../workspace/naming/address.ts';
import type { ListedWorkspace, WorkspaceInfo } from '../../workspace/state/info.ts';

export default class Ls extends BaseCommand<typeof Ls> {
  static changesWorkspace = false;
  static override summary = 'List the workspaces of a namespace or of the whole context, kept homes included';
  static override examples = [
    '<%= config.bin %> ls',
    '<%= config.bin %> ls --usage',
    '<%= config.bin %> ls --all-namespaces',
    '<%= config.bin %> ls --namespace team --json',
  ];
  static override description = 'A * stands behind the one that commands without a name mean in this directory.';
  static override flags = {
    'all-namespaces': Flags.boolean({
      char: 'A',
      description: 'those of every namespace of the context, if you may list them',
    }),
    usage: Flags.boolean({ description: 'ask each workspace how full the disk of its home is' }),
  };

  async run(): Promise<ListedWorkspace[]> {
    const { flags, signal } = this;
    const { usage, 'all-namespaces': allNamespaces } = flags;
    const world = await this.world;
    const workspaces = this.#mark(await list(world, signal, { usage, allNamespaces }), world.cluster.namespace);
    const { stdout, colorOnStdout: color } = this.terminal;
    const { context, namespace } = world.cluster;
    if (workspaces.length === 0) {
      this.log(formatNoWorkspaces({ context, namespace: allNamespaces ? undefined : namespace }, this.spell));
    } else {
      const options = { width: stdout.columns, color, nowMs: Date.now(), usage, allNamespaces };
      this.log(formatWorkspaces(workspaces, options));
    }
    return workspaces;
  }

  /** The one that a command without a name would mean here. */
  #mark(infos: WorkspaceInfo[], namespace: string): ListedWorkspace[] {
    const near = infos.filter((info) => info.namespace === namespace);
    const { workspace } = this.here;
    const candidates = workspace === undefined ? near.filter(({ state }) => state !== 'kept-home') : near;
    const meant = findMeant(
      workspace,
      candidates.map(({ name }) => name),
    );
    return infos.map((info) => ({ ...info, current: info.namespace === namespace && info.name === meant }));
  }
}
