import { Flags } from '@oclif/core';
import { askConsent } from '../cli/asking/consent.ts';
import { toIncludeConsent } from '../cli/asking/include-consent.ts';
import { BaseCommand } from '../cli/command/base-command.ts';
import { connectFlags, yesFlag } from '../cli/command/flags.ts';
import { listSshNotes, openSshConfigFiles, toSetUpRequest, toSshCommand } from '../cli/ssh-config/ssh-config-parts.ts';
import { planSshConfig, writeSshConfig } from '../operations/config-ssh.ts';
import { type ConfigSshResult, listChanges, type SshConfigPlan, toResult } from '../operations/ssh-config/plan.ts';
import { planRemoval, removeSshConfig } from '../operations/ssh-config/remove-ssh-config.ts';
import { handOn } from '../report/leaving.ts';
import { type Note, sayNote } from '../report/notes.ts';
import { formatFileChanges } from '../report/results/file-changes.ts';
import { formatWritten, listDamagedNotes, listLateNotes, listPinNotes } from '../report/results/ssh-config.ts';
import { tellIfInterrupted } from '../workspace/errors/tell-if-interrupted.ts';
import type { SshConfigFiles } from '../workspace/ssh-config/ssh-config.ts';
import { hasInclude } from '../workspace/ssh-config/ssh-config-include.ts';

export default class ConfigSsh extends BaseCommand<typeof ConfigSsh> {
  static changesWorkspace = false;
  static override summary = 'Let ssh, scp, sftp, rsync, git and editors reach the workspaces of a namespace as ws-NAME';
  static override description =
    "Writes a file of its own with one Host block per workspace and pins their host keys. Your ~/.ssh/config gets one Include line at its top, after you have agreed. From then on ws up and ws down keep that file current; other namespaces' hosts stay: where one of them has the name, the new one has its namespace behind it, as in ws-dev.team.";
  static override examples = [
    '<%= config.bin %> config-ssh',
    '<%= config.bin %> config-ssh --dry-run',
    '<%= config.bin %> config-ssh --yes --namespace team',
    '<%= config.bin %> config-ssh --known-hosts',
    '<%= config.bin %> config-ssh --remove',
  ];
  static override flags = {
    identity: connectFlags.identity,
    ...yesFlag,
    'dry-run': Flags.boolean({ description: 'show what would change, as a diff, and change nothing' }),
    'known-hosts': Flags.boolean({
      description: 'put the host keys into ~/.ssh/known_hosts, too, for programs that read no ssh configuration',
      env: 'WS_USER_KNOWN_HOSTS',
    }),
    wake: Flags.string({
      description: 'which logins wake a workspace that sleeps: human, always or never, for one or for all of them',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: '[WORKSPACE=]RULE',
    }),
    direct: Flags.string({
      description: "reach a workspace's SSH server at this address, past the API server; WORKSPACE= undoes it",
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'WORKSPACE=HOST[:PORT]',
    }),
    remove: Flags.boolean({ description: 'take the file, the line and the host keys away again' }),
  };

  async run(): Promise<ConfigSshResult> {
    const { files, includeLine } = await openSshConfigFiles();
    return this.flags.remove ? this.#remove(files, includeLine) : this.#write(files, includeLine);
  }

  async #write(files: SshConfigFiles, includeLine: string): Promise<ConfigSshResult> {
    const { flags, signal, spell } = this;
    const world = await this.world;
    const request = { ...toSetUpRequest(this.config.root, flags, world), includeLine };
    const plan = await tellIfInterrupted('Nothing was written', () => planSshConfig(request, files, world, signal));
    this.#note([...listDamagedNotes(plan.damaged, spell), ...listLateNotes(plan.late).map((text) => ({ text }))]);
    if (flags['dry-run']) return this.#show(plan);
    const consent = toIncludeConsent(plan);
    const isIncluded = consent === undefined || flags.yes || (await askConsent(consent, this));
    const { result, unpinned } = await writeSshConfig(plan, isIncluded, files, signal);
    this.#note([...listPinNotes(unpinned), ...listSshNotes(world.cluster)].map((text) => ({ text })));
    const where = { usersFile: plan.users.path, namespace: world.cluster.namespace };
    this.log(formatWritten(result, { ...where, toSshCommand, spell, columns: this.terminal.stdout.columns }));
    return result;
  }

  async #remove(files: SshConfigFiles, includeLine: string): Promise<ConfigSshResult> {
    const plan = await planRemoval(includeLine, files);
    if (this.flags['dry-run']) return this.#show(plan);
    const result = await removeSshConfig(plan, files);
    this.log(result.changed.length > 0 ? 'Removed.' : 'There was nothing to remove.');
    return result;
  }

  /** The difference byte for byte, whatever encoding the files have. */
  async #show(plan: SshConfigPlan): Promise<ConfigSshResult> {
    const difference = await formatFileChanges(listChanges(plan));
    if (difference === '') this.log('Nothing would change.');
    else if (!this.jsonEnabled()) handOn(this.terminal.stdout, Buffer.from(difference, 'latin1'));
    return toResult(plan, hasInclude(plan.users.before, plan.includeLine));
  }

  #note(notes: Note[]): void {
    for (const note of notes) sayNote(this.terminal.stderr, note);
  }
}
