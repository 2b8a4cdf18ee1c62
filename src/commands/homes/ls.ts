import { BaseCommand } from '../../cli/base-command.ts';
import { type Home, listHomes } from '../../operations/homes.ts';
import { formatHomes } from '../../report/lists.ts';

export default class HomesLs extends BaseCommand {
  static override summary = 'List the homes on volume claims, in use or kept';
  static override examples = ['<%= config.bin %> homes ls'];

  async run(): Promise<Home[]> {
    const { flags } = await this.parse(HomesLs);
    this.useGlobals(flags);
    const homes = await listHomes(await this.world, this.signal);
    this.log(
      formatHomes(homes, {
        width: this.terminal.stdout.columns,
        color: this.terminal.colorOnStdout,
        nowMs: Date.now(),
      }),
    );
    return homes;
  }
}
