import { Flags } from '@oclif/core';
import { askConsent } from '../cli/asking/consent.ts';
import { BaseCommand } from '../cli/command/base-command.ts';
import { connectFlags, yesFlag } from '../cli/command/flags.ts';
import { listSshNotes, openSshConfigFiles, toSshConfigRequest } from '../cli/ssh-config/ssh-config-parts.ts';
import {
  type FileChange,
  planRemoval,
  planSshConfig,
  type SshConfigPlan,
  writePublicKeys,
} from '../operations/config-ssh.ts';
import { handOn, say } from '../report/leaving.ts';
import { formatFileChanges } from '../report/results/file-changes.ts';
import { interrupted, withOutcome } from '../workspace/errors/errors.ts';
import { ws } from '../workspace/errors/suggestion.ts';
import { tellIfInterrupted } from '../workspace/errors/tell-if-interrupted.ts';
import { listHosts, type SshConfigFiles, type SshHost, toHostName } from '../workspace/ssh-config/ssh-config.ts';
import { addInclude, hasInclude, removeInclude } from '../workspace/ssh-config/ssh-config-include.ts';
import { withoutPins } from '../workspace/ssh-config/users-pins.ts';

interface ConfigSshResult {
  /** Names to type after `ssh`. */
  hosts: string[];
  /** Workspaces that get no host, because their objects cannot be believed. */
  damaged: string[];
  /** The file with the Host blocks. */
  file: string;
  /** The line that the user's configuration needs, and whether it is there now. */
  includeLine: string;
  included: boolean;
  /** What was changed, or would be with `--dry-run`. */
  changed: string[];
}

export default class ConfigSsh extends BaseCommand<typeof ConfigSsh> {
  static override summary = 'Let ssh, scp, sftp, rsync, git and editors reach the workspaces of a namespace as ws-NAME';
  static override description =
    "Writes a file of its own with one Host block per workspace and pins their host keys. Your ~/.ssh/config gets one Include line at its top, after you have agreed. From then on ws up and ws down keep that file current; other namespaces' hosts stay.";
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
    remove: Flags.boolean({ description: 'take the file, the line and the host keys away again' }),
  };

  async run(): Promise<ConfigSshResult> {
    const { flags } = this;
    const { files, includeLine } = await openSshConfigFiles();
    if (flags.remove) return this.#remove(files, includeLine, flags['dry-run']);
    const world = await this.world;
    const pinsForUser = flags['known-hosts'];
    const request = { ...toSshConfigRequest(this.config.root, flags, world), includeLine, pinsForUser };
    const plan = await tellIfInterrupted('Nothing was written', () =>
      planSshConfig(request, files, world, this.signal),
    );
    for (const { name } of plan.damaged)
      say(
        this.terminal.stderr,
        `Note: workspace ${name} is damaged and gets no host; see: ${this.toCopy({ ...ws`status`, workspace: name })}\n`,
      );
    if (flags['dry-run']) return this.#show(plan, includeLine);
    const isIncluded = !isChanged(plan.users) || flags.yes || (await this.#agrees(includeLine, files.users.path));
    for (const { workspace, error } of await plan.pin(this.signal))
      say(this.terminal.stderr, `Note: the host key of ${workspace} is not pinned: ${error.message}\n`);
    if (this.signal.aborted) throw withOutcome(interrupted(), 'No file was written, but for host keys in known_hosts');
    await writePublicKeys(plan.publicKeys);
    await files.own.update(() => plan.own.after);
    if (isIncluded) await files.users.update((text) => addInclude(text, includeLine));
    const changed = [plan.own, ...plan.publicKeys, plan.usersKnownHosts, ...(isIncluded ? [plan.users] : [])];
    const written = changed.filter(isChanged).map(({ path }) => path);
    this.log(written.length === 0 ? 'Nothing changed.' : `Wrote ${written.join(', ')}.`);
    for (const note of listSshNotes()) say(this.terminal.stderr, `Note: ${note}\n`);
    if (!isIncluded) this.log(`First put this line at the top of ${files.users.path}:\n  ${includeLine}`);
    const names = plan.hosts.map(toHostName);
    if (names.length > 1) this.log(`Hosts: ${names.join(', ')}`);
    this.log(
      names[0] === undefined
        ? `No workspace in namespace ${world.cluster.namespace}; make one: ${this.toCopy(ws`up`)}`
        : `${isIncluded ? 'Try it' : 'Then try it'}: ssh ${names[0]}`,
    );
    return toResult({ ...plan, includeLine, included: isIncluded, changed });
  }

  /** A No leaves that one line to the user, and does the rest. */
  #agrees(line: string, file: string): Promise<boolean> {
    return askConsent(
      { facts: [line], deed: `put this line at the top of ${file}`, undone: 'Nothing was written' },
      this,
    );
  }

  async #remove(files: SshConfigFiles, includeLine: string, isDryRun: boolean): Promise<ConfigSshResult> {
    const plan = { hosts: [], damaged: [], ...(await planRemoval(includeLine, files)) };
    if (isDryRun) return this.#show(plan, includeLine);
    await files.users.update((text) => removeInclude(text, includeLine));
    await files.usersKnownHosts?.update((text) => withoutPins(text, listHosts(plan.own.before)));
    await files.own.remove();
    await writePublicKeys(plan.publicKeys);
    this.log([plan.users, plan.own].some(isChanged) ? 'Removed.' : 'There was nothing to remove.');
    return toResult({
      ...plan,
      includeLine,
      included: false,
      changed: [plan.users, plan.own, plan.usersKnownHosts, ...plan.publicKeys],
    });
  }

  /** The difference byte for byte, whatever encoding the files have. */
  async #show(
    plan: Pick<SshConfigPlan, 'hosts' | 'damaged' | 'own' | 'users' | 'usersKnownHosts' | 'publicKeys'>,
    includeLine: string,
  ): Promise<ConfigSshResult> {
    const changed = [plan.users, plan.own, plan.usersKnownHosts, ...plan.publicKeys];
    if (!changed.some(isChanged)) this.log('Nothing would change.');
    else if (!this.jsonEnabled()) handOn(this.terminal.stdout, Buffer.from(await formatFileChanges(changed), 'latin1'));
    return toResult({ ...plan, includeLine, included: hasInclude(plan.users.before, includeLine), changed });
  }
}

function isChanged({ before, after }: FileChange): boolean {
  return before !== after;
}

function toResult(parts: {
  hosts: SshHost[];
  damaged: { name: string }[];
  own: FileChange;
  includeLine: string;
  included: boolean;
  changed: FileChange[];
}): ConfigSshResult {
  const { hosts, damaged, own, includeLine, included, changed } = parts;
  return {
    hosts: hosts.map(toHostName),
    damaged: damaged.map(({ name }) => name),
    file: own.path,
    includeLine,
    included,
    changed: changed.filter(isChanged).map(({ path }) => path),
  };
}
