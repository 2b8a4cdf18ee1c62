import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/command/base-command.ts';
import { parseDuration } from '../cli/command/durations.ts';
import { toSshExitCode } from '../cli/command/exit-codes.ts';
import { connectFlags, keepPassphraseFlag, splitAtDashes, workspaceArg } from '../cli/command/flags.ts';
import { mayShare, startHolding } from '../cli/session/held-connection.ts';
import { runSession } from '../cli/session/run-session.ts';
import {
  forwardFlag,
  nameSession,
  TMUX_SESSION,
  toSessionCommand,
  toSessionForwards,
} from '../cli/session/session-flags.ts';
import { ssh } from '../operations/ssh.ts';

export default class Ssh extends BaseCommand<typeof Ssh> {
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
  static override args = { workspace: workspaceArg };
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
    'forward-agent': Flags.boolean({ char: 'A', description: 'let programs in the workspace use your ssh agent' }),
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

  protected override progressKind() {
    return this.flags.progress === 'auto' ? 'quiet' : this.flags.progress;
  }

  async run(): Promise<void> {
    const { args, flags } = this;
    const workspace = await this.workspaceName(args.workspace);
    const wanted = toSessionForwards(flags, this.terminal);
    const command = toSessionCommand(flags, this.#command, this.terminal);
    const { connection, forwards } = await this.perform((world, signal) =>
      ssh(
        {
          workspace,
          waitTimeoutMs: parseDuration(flags['wait-timeout'], 'wait-timeout'),
          connect: {
            identityPath: flags.identity,
            acceptHostKey: flags['accept-host-key'],
            askPassphrase: this.passphrases.ask,
          },
          ...(wanted === undefined ? {} : { forwards: wanted }),
        },
        world,
        signal,
      ),
    );
    await this.passphrases.offerToKeep(flags['keep-passphrase']);
    const wantsTty = flags.tty || flags.tmux !== undefined;
    const isPlain = !(wantsTty || flags['forward-agent'] || flags.identity || flags['accept-host-key'] || wanted);
    if (command !== undefined && isPlain && workspace !== undefined && flags.share && mayShare())
      await startHolding({ ...this.place, workspace }, this.config.root, this.passphrases.typed);
    const choice = { command, wantsTty, forwardAgent: flags['forward-agent'], escapes: flags.escapes };
    try {
      process.exitCode = await runSession(connection, this.terminal, choice, this.signal);
    } finally {
      await forwards.close();
      // Also after an interrupt, whose signal to the command must be on its way.
      await connection.close();
    }
  }

  protected override exitCodeFor(error: Error): number {
    return toSshExitCode(error);
  }
}
