import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/command/base-command.ts';
import { EXIT_CODES } from '../../cli/command/exit-codes.ts';
import { writeBundle } from '../../cli/doctor/write-bundle.ts';
import { checkSshConfig } from '../../cli/ssh-config/check-ssh-config.ts';
import { openDoctorWorld } from '../../cli/wiring/doctor.ts';
import type { Finding } from '../../operations/doctor/examine.ts';
import { doctor } from '../../operations/look/doctor.ts';
import { Findings } from '../../report/findings.ts';
import { WorkspaceError } from '../../workspace/errors/errors.ts';

export default class Doctor extends BaseCommand<typeof Doctor> {
  static changesWorkspace = false;
  static override summary = 'Check everything that a workspace needs, and say how to mend what is missing';
  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor --context work --namespace me',
    '<%= config.bin %> doctor --bundle trouble.json',
  ];
  static override flags = {
    all: Flags.boolean({ description: 'show each check, also where all is well' }),
    bundle: Flags.string({ description: 'write what a maintainer needs to see, without secrets', helpValue: 'FILE' }),
  };

  async run(): Promise<Finding[]> {
    const { stdout, colorOnStdout } = this.terminal;
    const options = { width: stdout.columns, color: colorOnStdout, spell: this.spell };
    const findings = new Findings<Finding>(options, stdout.isTTY !== true || this.flags.all);
    const show = (finding: Finding) => this.#say(findings.add(finding));
    const world = await openDoctorWorld(this.place);
    for await (const finding of doctor(world, () => this.#chooseImage(), this.signal)) show(finding);
    const here = world.cluster instanceof WorkspaceError ? undefined : world.cluster;
    const sshHosts = await checkSshConfig(this.signal, here);
    if (sshHosts !== undefined) show(sshHosts);
    this.#say(findings.end());
    if (findings.all.some((finding) => finding.verdict === 'bad')) process.exitCode = EXIT_CODES.environment;
    const { bundle } = this.flags;
    const parts = { version: this.config.version, findings: findings.all, cluster: world.cluster };
    if (bundle !== undefined) await writeBundle(bundle, parts, (line) => this.logToStderr(line), this.signal);
    return findings.all;
  }

  #say(lines: string[]): void {
    for (const line of lines) this.log(line);
  }

  /** As `ws up` chooses one for a new workspace. */
  async #chooseImage(): Promise<{ name: string; from: string | undefined }> {
    const { WS_IMAGE } = process.env;
    if (WS_IMAGE) return { name: WS_IMAGE, from: 'WS_IMAGE' };
    const { image } = await this.readSettings();
    if (image !== undefined) return { name: image, from: 'ws config' };
    return { name: `ws-workspace:${this.config.version}`, from: undefined };
  }
}
