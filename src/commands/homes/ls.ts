import { BaseCommand } from '../../cli/command/base-command.ts';
import { listHomes } from '../../operations/homes.ts';
import { formatHomes } from '../../report/results/lists.ts';
import type { Home } from '../../workspace/state/homes.ts';

export default class HomesLs extends BaseCommand<typeof HomesLs> {
  static changesWorkspace = false;
  static override summary =
    'List the homes on volume claims with who uses them, and the host keys that were kept alone';
  static override examples = ['<%= config.bin %> homes ls'];

  async run(): Promise<Home[]> {
    const world = await this.world;
    const homes = await listHomes(world, this.signal);
    this.log(
      formatHomes(homes, {
        width: this.terminal.stdout.columns,
        color: this.terminal.colorOnStdout,
        nowMs: Date.now(),
        place: world.cluster,
        spell: this.spell,
      }),
    );
    return homes;
  }
}
