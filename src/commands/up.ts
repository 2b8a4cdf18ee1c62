import { Args } from '@oclif/core';
import { startShell } from '../cli/session/run-session.ts';
import { keepSshConfig } from '../cli/ssh-config/ssh-config-parts.ts';
import { describeUp } from '../cli/up/arrival.ts';
import { arrive } from '../cli/up/arrive.ts';
import { createAsker } from '../cli/up/asker.ts';
import { describePlan, type PlanDocument, toPlanDocument } from '../cli/up/describe-plan.ts';
import { FormCommand } from '../cli/up/form-command.ts';
import { offerToMend } from '../cli/up/mending.ts';
import { upFlags } from '../cli/up/up-flags.ts';
import { toUpRequest } from '../cli/up/up-request.ts';
import { nameForUp } from '../operations/checks/name-for-up.ts';
import { prepareHome } from '../operations/homes/prepare-home.ts';
import { planUp } from '../operations/plan-up.ts';
import { addSshHost } from '../operations/ssh-config/keep-ssh-config.ts';
import { type UpInfo, type UpRequest, up } from '../operations/up.ts';
import { ws } from '../workspace/errors/suggestion.ts';
import { DEFAULT_WORKSPACE } from '../workspace/names.ts';
import { findName, parseWorkspaceName } from '../workspace/naming/address.ts';

export default class Up extends FormCommand<typeof Up> {
  static changesWorkspace = true;
  static override summary = 'Bring a workspace up and open a shell in it';
  static override description =
    'Makes the workspace when it is not there, starts it when it was stopped, and goes straight to the prompt when it is up. On a terminal it asks for what flags, environment and settings leave open.';
  static override examples = [
    '<%= config.bin %> up',
    '<%= config.bin %> up dev --storage-class fast --size 20Gi',
    '<%= config.bin %> up ci --yes --no-shell --storage-class none --identity ~/.ssh/id_ed25519',
  ];
  static override args = {
    workspace: Args.string({
      ignoreStdin: true,
      description: `name; default: this directory's, or the only one, else ${DEFAULT_WORKSPACE}`,
      required: false,
    }),
  };
  static override flags = upFlags;
  protected override readonly offerToMend = (failed: Error) => offerToMend(failed, this, () => this.flags);

  async run(): Promise<UpInfo | PlanDocument> {
    const { flags, terminal, signal, passphrases, typed: line } = this;
    const address = await this.workspaceName();
    const typed = parseWorkspaceName(findName(address) ?? DEFAULT_WORKSPACE);
    const dryRun = flags['dry-run'];
    const asker = createAsker({ ...flags, yes: flags.yes || dryRun }, this);
    const wantsShell = flags.shell && this.isAskable;
    const checked = toUpRequest(flags, { workspace: typed, asker, askPassphrase: passphrases.ask, wantsShell, line });
    const workspace = await nameForUp(address, await this.world, signal);
    // Suggestions name it though nobody did.
    this.workspace = workspace;
    const request = { ...checked, workspace };
    if (dryRun) return this.#plan(request);
    const preparesHome = flags.clone !== undefined || flags.dotfiles !== undefined;
    const { started, ...result } = await this.perform(async function* (world) {
      const reached = yield* up(request, world, signal);
      // Read its files while the checklist closes.
      const isNext = wantsShell && !preparesHome;
      return { ...reached, started: isNext ? startShell(reached.connection, workspace, terminal, signal) : undefined };
    });
    const { info, snapshot, identityPath, connection, listener } = result;
    await passphrases.offerToKeep(flags['keep-passphrase']);
    const world = await this.world;
    const sshFlags = { kubeconfig: flags.kubeconfig, identity: identityPath };
    await keepSshConfig(this.config.root, sshFlags, world, terminal, (host, files) =>
      addSshHost(snapshot, host, files, world, signal),
    );
    if (preparesHome) await this.perform(() => prepareHome(connection, flags, signal));
    if (wantsShell) process.exitCode = await arrive(result, started, terminal, world, signal);
    else this.log(`${describeUp(info)}. Log in: ${this.toCopy({ ...ws`ssh`, workspace: info.name })}`);
    await Promise.all([connection.close(), listener?.close()]);
    return info;
  }

  async #plan(request: UpRequest): Promise<PlanDocument> {
    const plan = await this.perform((world, signal) => planUp(request, world, signal));
    this.log(describePlan(plan, (await this.world).cluster, this.terminal, Date.now()));
    return toPlanDocument(plan);
  }
}
