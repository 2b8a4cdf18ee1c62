import { BaseCommand } from '../../cli/command/base-command.ts';
import { EXIT_CODES } from '../../cli/command/exit-codes.ts';
import { checkSshConfig } from '../../cli/ssh-config/check-ssh-config.ts';
import { openDoctorWorld } from '../../cli/wiring/doctor.ts';
import type { Finding } from '../../operations/doctor/examine.ts';
import { doctor } from '../../operations/look/doctor.ts';
import { formatFinding } from '../../report/results/lists.ts';

export default class Doctor extends BaseCommand<typeof Doctor> {
  static override summary = 'Check everything that a workspace needs, and say how to mend what is missing';
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --context work --namespace me'];

  async run(): Promise<Finding[]> {
    const { stdout, colorOnStdout } = this.terminal;
    const findings: Finding[] = [];
    const show = (finding: Finding) => {
      findings.push(finding);
      this.log(formatFinding(finding, { width: stdout.columns, color: colorOnStdout, spell: this.spell }));
    };
    const image = await this.#chooseImage();
    for await (const finding of doctor(await openDoctorWorld(this.place), image, this.signal)) show(finding);
    const sshHosts = await checkSshConfig(this.signal);
    if (sshHosts !== undefined) show(sshHosts);
    if (findings.some((finding) => finding.verdict === 'bad')) process.exitCode = EXIT_CODES.environment;
    return findings;
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
