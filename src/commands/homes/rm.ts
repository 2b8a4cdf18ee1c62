import { Args } from '@oclif/core';
import { requireConsent } from '../../cli/asking/consent.ts';
import { BaseCommand } from '../../cli/command/base-command.ts';
import { yesFlag } from '../../cli/command/flags.ts';
import { keepSshConfig } from '../../cli/ssh-config/ssh-config-parts.ts';
import { getKeptHome, type RemovedHome, removeHome } from '../../operations/homes.ts';
import { removeSshHost } from '../../operations/ssh-config/keep-ssh-config.ts';

export default class HomesRm extends BaseCommand<typeof HomesRm> {
  static override summary = 'Delete a kept home and its host key, for good';
  static override examples = ['<%= config.bin %> homes rm dev --yes'];
  static override args = {
    home: Args.string({ ignoreStdin: true, description: 'workspace or claim', required: true }),
  };
  static override flags = yesFlag;

  async run(): Promise<RemovedHome> {
    const { args, flags } = this;
    const home = await getKeptHome(args.home, await this.world, this.signal);
    const what = home.claim === undefined ? 'the host key' : `claim ${home.claim} with all that is in it`;
    const consent = { deed: `delete ${what}, of workspace ${home.workspace}, for good`, undone: 'Nothing was deleted' };
    await requireConsent(consent, flags.yes, this);
    const result = await this.perform((world, signal) => removeHome(home, world, signal));
    const world = await this.world;
    await keepSshConfig(this.config.root, flags, world, this.terminal, (ssh, files) =>
      removeSshHost(home.workspace, ssh, files, world),
    );
    this.log(`Deleted: ${result.deleted.join(', ')}`);
    if (result.kept.length > 0) this.log(`Kept, because something uses it: ${result.kept.join(', ')}`);
    return result;
  }
}
