import { Flags } from '@oclif/core';
import { askHomeChoice } from '../cli/asking/ask-home-choice.ts';
import { requireConsent } from '../cli/asking/consent.ts';
import { toDownConsent } from '../cli/asking/down-consent.ts';
import { describeInUse } from '../cli/asking/restart-consent.ts';
import { yesFlag } from '../cli/command/flags.ts';
import { WorkspaceCommand } from '../cli/command/workspace-command.ts';
import { keepSshConfig } from '../cli/ssh-config/ssh-config-parts.ts';
import { selectWorkspace } from '../operations/checks/select-workspace.ts';
import { verifyReleased } from '../operations/checks/verify-released.ts';
import { type DownResult, down, verifyDown } from '../operations/down.ts';
import { toBelongings } from '../operations/homes/belongings.ts';
import { tellRetained } from '../operations/homes/delete-home.ts';
import { readInUse } from '../operations/metrics/read-in-use.ts';
import { removeSshHost } from '../operations/ssh-config/keep-ssh-config.ts';
import { ws } from '../workspace/errors/suggestion.ts';

export default class Down extends WorkspaceCommand<typeof Down> {
  static changesWorkspace = true;
  static override summary = 'Take a workspace down, and say what happens to its home';
  static override description =
    'The release goes. --keep-home leaves the home claim and the host key for the next ws up; --delete-home deletes both. A home that goes with its pod cannot be kept: --home lose leaves its host key. On a terminal, without any of them, you are asked. What is lost wants a yes, or --yes.';
  static override examples = ['<%= config.bin %> down --keep-home', '<%= config.bin %> down dev --delete-home --yes'];
  static override flags = {
    'keep-home': Flags.boolean({ description: 'keep the home claim and the host key', exclusive: ['delete-home'] }),
    // The variable answers the question as well. A flag on the line always counts before it.
    home: Flags.option({
      options: ['keep', 'delete', 'lose'] as const,
      description:
        'keep or delete as the flags of that name do; lose lets a home go with its pod and keeps the host key',
      env: 'WS_DOWN_HOME',
    })(),
    'delete-home': Flags.boolean({
      description: 'delete the home claim and the host key, for good',
      exclusive: ['keep-home'],
    }),
    ...yesFlag,
  };

  async run(): Promise<DownResult> {
    const { flags } = this;
    const world = await this.world;
    const snapshot = await selectWorkspace(await this.workspaceName(), world, this.signal, {
      isDoomed: true,
      keptHomes: flags['delete-home'] || (!flags['keep-home'] && flags.home === 'delete'),
    });
    const has = toBelongings(snapshot);
    const chosen = flags['keep-home'] ? 'keep' : flags['delete-home'] ? 'delete' : flags.home;
    // Before any question, and any line that answers it.
    if (snapshot.deployment?.isForeign === true) await verifyReleased(snapshot, world, this.signal);
    const inUse = await readInUse(snapshot, world, this.signal);
    const facts = describeInUse(snapshot.name, inUse, Date.now());
    const home = chosen ?? (await askHomeChoice(snapshot, facts, this));
    await verifyDown({ snapshot, home }, world, this.signal);
    // A choice of the menu is a yes to what it keeps, never to what is lost for good.
    const isAsked = chosen !== undefined || home !== 'keep';
    const doomed = home === 'delete' && has.isClaimDoomed ? has.claim : undefined;
    const retained = await tellRetained(doomed, world, this.signal);
    const told = chosen === undefined ? [] : facts;
    const consent = isAsked ? toDownConsent(snapshot, home, { facts: told, retained }) : undefined;
    if (consent !== undefined) await requireConsent(consent, flags.yes, this);
    const result = await this.perform((inWorld, signal) => down({ snapshot, home }, inWorld, signal));
    // A kept home may come back. Until then ssh says that the workspace is gone.
    if (home === 'delete' && !has.keepsHome)
      await keepSshConfig(this.config.root, flags, world, this.terminal, (ssh, files) =>
        removeSshHost(snapshot.name, ssh, files, world),
      );
    const { workspace, kept, deleted, resume } = result;
    if (deleted.length > 0 || kept.length === 0)
      this.tell(`Workspace ${workspace} is gone.${deleted.length === 0 ? '' : ` Deleted: ${deleted.join(', ')}`}`);
    if (kept.length > 0) this.tell(`Kept: ${kept.join(', ')}`);
    if (home === 'delete' && has.unused !== undefined && kept.includes(has.unused))
      this.log(`Delete that home as well: ${this.toCopy(ws`homes rm ${has.unused}`)}`);
    if (resume !== undefined) this.log(`Take it up again: ${this.toCopy(resume)}`);
    return result;
  }
}
