import { Args } from '@oclif/core';
import { requireConsent } from '../../cli/asking/consent.ts';
import { describeLoss } from '../../cli/asking/down-consent.ts';
import { BaseCommand } from '../../cli/command/base-command.ts';
import { yesFlag } from '../../cli/command/flags.ts';
import { keepSshConfig } from '../../cli/ssh-config/ssh-config-parts.ts';
import { tellRetained } from '../../operations/homes/delete-home.ts';
import { getKeptHome, type RemovedHome, removeHome } from '../../operations/homes.ts';
import { removeSshHost } from '../../operations/ssh-config/keep-ssh-config.ts';

export default class HomesRm extends BaseCommand<typeof HomesRm> {
  static changesWorkspace = true;
  static override summary = 'Delete a kept home and its host key, for good';
  static override examples = ['<%= config.bin %> homes rm dev --yes'];
  static override args = {
    home: Args.string({ ignoreStdin: true, description: 'workspace or claim', required: true }),
  };
  static override flags = yesFlag;

  async run(): Promise<RemovedHome> {
    const { args, flags, named } = this;
    const home = await getKeptHome(named?.address ?? args.home, await this.world, this.signal);
    const retained = await tellRetained(home.claim, await this.world, this.signal);
    const loss = describeLoss([
      ...(home.claim === undefined || retained.length > 0 ? [] : [`all files in claim ${home.claim}`]),
      ...(home.hostKey === undefined ? [] : [`host key ${home.hostKey}`]),
    ]);
    const consent = {
      facts: [...(loss === undefined ? [] : [loss]), ...retained],
      deed: `delete the ${home.claim === undefined ? 'host key' : 'kept home'} of workspace ${home.workspace}`,
      undone: 'Nothing was deleted',
    };
    await requireConsent(consent, flags.yes, this);
    const result = await this.perform((world, signal) => removeHome(home, world, signal));
    const world = await this.world;
    await keepSshConfig(this.config.root, flags, world, this.terminal, (ssh, files) =>
      removeSshHost(home.workspace, ssh, files, world),
    );
    this.tell(`Deleted: ${result.deleted.join(', ')}`);
    if (result.kept.length > 0) this.tell(`Kept, because something uses it: ${result.kept.join(', ')}`);
    return result;
  }
}
