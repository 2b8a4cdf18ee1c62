import { toSshExitCode } from '../cli/command/exit-codes.ts';
import { splitAtDashes } from '../cli/command/flags.ts';
import { WorkspaceCommand, workspaceFlags } from '../cli/command/workspace-command.ts';
import type { SshRequest } from '../cli/session/requests.ts';
import { runSsh } from '../cli/session/run-ssh.ts';
import { nameSession } from '../cli/session/session-flags.ts';
import { sshFlags, toSshRequest } from '../cli/session/ssh-flags.ts';

export default class Ssh extends WorkspaceCommand<typeof Ssh> {
  static override summary = 'Open a shell in a workspace, or run a command there';
  static override description =
    `Without a command: your login shell, with the size and colours of this terminal. ~. at the start of a line ends it. What is piped in is read by it as commands, and it gets no terminal then.
With one: its output, error output and exit status are passed on, its input is what you pipe in. As with ssh, the words after -- are joined by spaces and read by the remote shell.`;
  static override examples = [
    '<%= config.bin %> ssh',
    '<%= config.bin %> ssh dev -- make test',
    'tar c . | <%= config.bin %> ssh -- tar x -C project',
    '<%= config.bin %> ssh dev < script.sh',
    '<%= config.bin %> ssh --tty -- top',
    '<%= config.bin %> ssh -L 3000 --tmux',
  ];
  static override usage = 'ssh [WORKSPACE] [FLAGS] [-- COMMAND...]';
  static override enableJsonFlag = false;
  static override baseFlags = workspaceFlags;
  static override flags = sshFlags;

  /** What stands after `--`; undefined for a shell. */
  readonly #command = splitAtDashes(this.argv).after;

  protected override wordsToParse(): string[] {
    return splitAtDashes(this.argv).before.map(nameSession);
  }

  toRequest(): SshRequest {
    const { flags, place, terminal, givenWorkspace } = this;
    return toSshRequest(flags, { place, workspace: givenWorkspace, words: this.#command, terminal });
  }

  async run(): Promise<void> {
    await runSsh(this.toRequest(), this.terminal, this.config.root);
  }

  protected override exitCodeFor(error: Error): number {
    return toSshExitCode(error);
  }
}
