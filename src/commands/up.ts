import { Args } from '@oclif/core';
import { BaseCommand } from '../cli/command/base-command.ts';
import { parseDuration } from '../cli/command/durations.ts';
import { parsePort } from '../cli/command/flags.ts';
import { toSituation } from '../cli/command/spelling.ts';
import { startShell } from '../cli/session/run-session.ts';
import { keepSshConfig } from '../cli/ssh-config/ssh-config-parts.ts';
import { describeArrival } from '../cli/up/arrival.ts';
import { chooseWorkspace } from '../cli/up/choose-workspace.ts';
import { toChoices } from '../cli/up/flag-choices.ts';
import { upFlags } from '../cli/up/up-flags.ts';
import { prepareHome } from '../operations/homes/prepare-home.ts';
import { addSshHost } from '../operations/ssh-config/keep-ssh-config.ts';
import { up } from '../operations/up.ts';
import { say } from '../report/leaving.ts';
import { spellWords } from '../workspace/errors/spell.ts';
import { ws } from '../workspace/errors/suggestion.ts';
import { DEFAULT_WORKSPACE, parseWorkspaceName } from '../workspace/names.ts';
import type { WorkspaceInfo } from '../workspace/state/info.ts';

export default class Up extends BaseCommand<typeof Up> {
  static override summary = 'Bring a workspace up and open a shell in it';
  static override description =
    'Makes the workspace when it is not there, starts it when it was stopped, and goes straight to the prompt when it is up. On a terminal it asks for what flags, environment and settings leave open.';
  static override examples = [
    '<%= config.bin %> up',
    '<%= config.bin %> up dev --storage-class fast --size 20Gi',
    '<%= config.bin %> up ci --yes --no-shell --storage-class none --key ~/.ssh/id_ed25519',
  ];
  static override args = {
    workspace: Args.string({
      ignoreStdin: true,
      description: `name; default: this directory's, else ${DEFAULT_WORKSPACE}`,
      required: false,
    }),
  };
  static override flags = upFlags;

  async run(): Promise<WorkspaceInfo> {
    const { args, flags } = this;
    const workspace = parseWorkspaceName((await this.workspaceName(args.workspace)) ?? DEFAULT_WORKSPACE);
    const waitTimeoutMs = parseDuration(flags['wait-timeout'], 'wait-timeout');
    const wantedPort = flags['local-port'] === undefined ? undefined : parsePort(flags['local-port'], 'local-port');
    const wantsShell = flags.shell && !this.jsonEnabled() && this.terminal.isInteractive;
    const chosen = await chooseWorkspace(
      workspace,
      toChoices(flags),
      flags,
      () => this.readSettings(),
      await this.world,
      {
        terminal: this.terminal,
        wantsJson: this.jsonEnabled(),
        spellWords: (command) => spellWords(command, toSituation(this.subject)),
        openSettings: () => this.settings,
      },
      this.signal,
    );
    const connect = {
      identityPath: flags.identity ?? chosen.identityPath,
      acceptHostKey: flags['accept-host-key'],
      askPassphrase: this.passphrases.ask,
    };
    const localPort =
      !wantsShell || wantedPort === 0 ? undefined : { port: wantedPort ?? 2222, anyFreePort: wantedPort === undefined };
    const request = {
      workspace,
      choices: chosen.choices,
      valuesFiles: flags.values ?? [],
      createNamespace: flags['create-namespace'],
      found: chosen.found,
      ...(chosen.madeKey === undefined ? {} : { madeKey: chosen.madeKey }),
      repair: flags.repair,
      waitTimeoutMs,
      // A script that goes on wants a pod that is ready for everybody.
      early: wantsShell,
      connect,
      localPort,
    };
    const { terminal } = this;
    const preparesHome = flags.clone !== undefined || flags.dotfiles !== undefined;
    let takeShell: ReturnType<typeof startShell> | undefined;
    const { info, snapshot, connection, listener } = await this.perform(async function* (world, signal) {
      const result = yield* up(request, world, signal);
      // It reads its files while the checklist is put away.
      if (wantsShell && !preparesHome) takeShell = startShell(result.connection, terminal, signal);
      return result;
    });
    await this.passphrases.offerToKeep(flags['keep-passphrase']);
    const world = await this.world;
    const sshFlags = { kubeconfig: flags.kubeconfig, identity: connect.identityPath };
    await keepSshConfig(this.config.root, sshFlags, world, this.terminal, (request, files) =>
      addSshHost(snapshot, request, files, world, this.signal),
    );
    if (preparesHome) await this.perform((_world, signal) => prepareHome(connection, flags, signal));
    if (wantsShell) {
      say(terminal.stderr, describeArrival(info, listener?.port));
      takeShell ??= startShell(connection, terminal, this.signal);
      process.exitCode = await takeShell();
    } else {
      this.log(`Workspace ${info.name} is up. Log in: ${this.toCopy({ ...ws`ssh`, workspace: info.name })}`);
    }
    await Promise.all([connection.close(), listener?.close()]);
    return info;
  }
}
