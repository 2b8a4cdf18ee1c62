import { Flags } from '@oclif/core';
import { parseDuration } from '../cli/command/durations.ts';
import { toSshExitCode } from '../cli/command/exit-codes.ts';
import { connectFlags, keepPassphraseFlag, splitAtDashes } from '../cli/command/flags.ts';
import { WorkspaceCommand } from '../cli/command/workspace-command.ts';
import { allowsSharing, type SshRequest } from '../cli/session/requests.ts';
import { runSsh } from '../cli/session/run-ssh.ts';
import {
  forwardFlag,
  nameSession,
  TMUX_SESSION,
  toSessionCommand,
  toSessionForwards,
} from '../cli/session/session-flags.ts';

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
    '<%= config.bin %> ssh --tty -- htop',
    '<%= config.bin %> ssh -L 3000 --tmux',
  ];
  static override enableJsonFlag = false;
  static override flags = {
    ...connectFlags,
    ...keepPassphraseFlag,
    tty: Flags.boolean({ char: 't', description: 'give a command a terminal of its own' }),
    tmux: Flags.string({
      description: `attach to a tmux session, which outlives the connection; without a name: ${TMUX_SESSION}`,
      helpValue: 'SESSION',
    }),
    forward: forwardFlag(
      'L',
      'a port of the workspace here, as ws forward or ssh -L writes it',
      '[[ADDRESS:]LOCAL:[HOST:]]REMOTE',
    ),
    remote: forwardFlag(
      'R',
      'a port there that leads here: as for ssh with a host, else LOCAL:REMOTE',
      'REMOTE:HOST:LOCAL',
    ),
    socks: forwardFlag('D', 'a SOCKS5 proxy on this local port', '[ADDRESS:]PORT'),
    'forward-agent': Flags.boolean({
      char: 'A',
      description: 'let programs in the workspace use your ssh agent',
      default: false,
    }),
    share: Flags.boolean({
      description: 'run commands over a connection that an earlier one left open, and leave one open',
      default: true,
      allowNo: true,
    }),
    escapes: Flags.boolean({ description: 'obey ~. and the other escapes', default: true, allowNo: true }),
  };

  /** What stands after `--`; undefined for a shell. */
  readonly #command = splitAtDashes(this.argv).after;

  protected override wordsToParse(): string[] {
    return splitAtDashes(this.argv).before.map(nameSession);
  }

  toRequest(): SshRequest {
    const { flags, place, terminal } = this;
    return {
      place,
      workspace: this.givenWorkspace,
      command: toSessionCommand(flags, this.#command, terminal),
      wantsTty: flags.tty || flags.tmux !== undefined,
      forwardAgent: flags['forward-agent'],
      escapes: flags.escapes,
      share: flags.share && allowsSharing(process.env),
      identityPath: flags.identity,
      acceptHostKey: flags['accept-host-key'],
      keepPassphrase: flags['keep-passphrase'],
      forwards: toSessionForwards(flags, terminal),
      waitTimeoutMs: parseDuration(flags['wait-timeout'], 'wait-timeout'),
      progress: flags.progress === 'auto' ? 'quiet' : flags.progress,
      debug: flags.debug,
    };
  }

  async run(): Promise<void> {
    await runSsh(this.toRequest(), this.terminal, this.config.root);
  }

  protected override exitCodeFor(error: Error): number {
    return toSshExitCode(error);
  }
}
