import { BaseCommand } from '../../cli/command/base-command.ts';
import { EXIT_CODES } from '../../cli/command/exit-codes.ts';
import { checkSshConfig } from '../../cli/ssh-config/check-ssh-config.ts';
import { doctor, type Finding } from '../../operations/look/doctor.ts';
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
    for await (const finding of doctor(await this.world, this.signal)) show(finding);
    const sshHosts = await checkSshConfig(this.signal);
    if (sshHosts !== undefined) show(sshHosts);
    if (findings.some((finding) => finding.verdict === 'bad')) process.exitCode = EXIT_CODES.environment;
    return findings;
  }
}
