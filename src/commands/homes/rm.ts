import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { confirm } from '../../cli/confirm.ts';
import { type DownResult, down } from '../../operations/down.ts';
import { getKeptHome } from '../../operations/homes.ts';

export default class HomesRm extends BaseCommand {
  static override summary = 'Delete a kept home and its host key, for good';
  static override examples = ['<%= config.bin %> homes rm dev --yes'];
  static override args = {
    home: Args.string({ ignoreStdin: true, description: 'workspace or claim name', required: true }),
  };
  static override flags = { yes: Flags.boolean({ char: 'y', description: 'do not ask' }) };

  async run(): Promise<DownResult> {
    const { args, flags } = await this.parse(HomesRm);
    this.useGlobals(flags);
    const snapshot = await getKeptHome(args.home, await this.world, this.signal);
    if (!flags.yes) {
      this.requireInteractive(`Delete the home of ${snapshot.name}?`, `ws homes rm ${args.home} --yes`);
      await confirm(`Delete the home of ${snapshot.name} for good?`, this.terminal, this.signal);
    }
    const result = await this.perform((world, signal) => down({ snapshot, home: 'delete' }, world, signal));
    this.log(`Deleted: ${result.deleted.join(', ')}`);
    return result;
  }
}
