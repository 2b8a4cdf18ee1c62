import { WorkspaceCommand } from '../../cli/command/workspace-command.ts';
import { listKeysHere } from '../../operations/look/keys.ts';
import { formatKeys } from '../../report/results/lists.ts';
import type { ListedKey } from '../../workspace/keys/keys.ts';

export default class KeysLs extends WorkspaceCommand<typeof KeysLs> {
  static changesWorkspace = false;
  static override summary = 'List the keys that open a workspace';
  static override examples = ['<%= config.bin %> keys ls', '<%= config.bin %> keys ls dev'];

  async run(): Promise<ListedKey[]> {
    const world = await this.world;
    const name = await this.workspaceName();
    const { keys, fault } = await listKeysHere(name, world, this.signal);
    const { stdout, colorOnStdout: color } = this.terminal;
    this.log(formatKeys(keys, { width: stdout.columns, color, place: world.cluster, spell: this.spell, fault }));
    return keys;
  }
}
