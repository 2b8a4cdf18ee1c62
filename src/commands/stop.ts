import { Flags } from '@oclif/core';
import { requireConsent } from '../cli/asking/consent.ts';
import { describeInUse } from '../cli/asking/restart-consent.ts';
import { toStopConsent } from '../cli/asking/stop-consent.ts';
import { yesFlag } from '../cli/command/flags.ts';
import { WorkspaceCommand } from '../cli/command/workspace-command.ts';
import { selectWorkspace } from '../operations/checks/select-workspace.ts';
import { readInUse } from '../operations/metrics/read-in-use.ts';
import { type StopResult, stop, verifyStop } from '../operations/stop.ts';
import { ws } from '../workspace/errors/suggestion.ts';
import { toStart } from '../workspace/sleep/start-again.ts';
import { findStayingClaim } from '../workspace/state/snapshot.ts';

export default class Stop extends WorkspaceCommand<typeof Stop> {
  static changesWorkspace = true;
  static override summary = 'Stop a workspace: its pod ends, and all else stays';
  static override description =
    'Release, home, host key and keys stay, and ws up starts it again. If somebody works in it, you are asked first. A home that goes with its pod is lost: that wants --home lose.';
  static override examples = ['<%= config.bin %> stop', '<%= config.bin %> stop dev --until-login --yes'];
  static override flags = {
    'until-login': Flags.boolean({
      description: 'let it sleep: the next login of a person wakes it, by ws ssh, ws forward or ssh',
      default: false,
    }),
    home: Flags.option({
      options: ['lose'] as const,
      description: 'lose is for a home that goes with its pod',
    })(),
    ...yesFlag,
  };

  async run(): Promise<StopResult> {
    const { flags } = this;
    const world = await this.world;
    const snapshot = await selectWorkspace(await this.workspaceName(), world, this.signal, { isToStop: true });
    const until = flags['until-login'] ? ('login' as const) : ('up' as const);
    const request = { snapshot, until, losesHome: flags.home === 'lose' };
    verifyStop(request);
    const facts = describeInUse(snapshot.name, await readInUse(snapshot, world, this.signal), Date.now());
    const consent = toStopConsent(snapshot, facts);
    if (consent !== undefined) await requireConsent(consent, flags.yes, this);
    const result = await this.perform((inWorld, signal) => stop(request, inWorld, signal));
    const { workspace, changed } = result;
    const isKept = findStayingClaim(snapshot.home) !== undefined;
    const kept = isKept ? 'Its home, host key and keys stay' : 'Its host key and keys stay';
    const [state, next] = flags['until-login']
      ? (['asleep', { ...ws`ssh`, workspace }] as const)
      : (['stopped', toStart(snapshot)] as const);
    this.tell(`Workspace ${workspace} ${changed ? 'is' : 'was already'} ${state}. ${kept}.`);
    this.log(`${state === 'asleep' ? 'A login at a terminal wakes it' : 'Start it again'}: ${this.toCopy(next)}`);
    return result;
  }
}
