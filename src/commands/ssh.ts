import { toSshExitCode } from '../cli/command/exit-codes.ts';
import { WorkspaceCommand, workspaceFlags } from '../cli/command/workspace-command.ts';
import { readCommandLine } from '../cli/here/typed-words.ts';
import type { SshRequest } from '../cli/session/requests.ts';
import { runSsh } from '../cli/session/run-ssh.ts';
import { sshFlags, toSshRequest } from '../cli/session/ssh-flags.ts';
import { withAcceptedLines } from '../cli/session/words/accepted-lines.ts';
import { withCommand } from '../cli/session/words/meant-as-command.ts';
import { nameSession, verifySessionNamed } from '../cli/session/words/tmux.ts';
import { toGrammar } from '../cli/words/catalogue.ts';
import { splitCommand } from '../cli/words/split-command.ts';
import type { TypedCommand } from '../workspace/errors/typed-command.ts';

export default class Ssh extends WorkspaceCommand<typeof Ssh> {
  static changesWorkspace = false;
  static override summary = 'Open a shell in a workspace, or run a command there';
  static override description =
    `Without a command: your login shell, with the size and colours of this terminal. ~. at the start of a line ends it. What is piped in is read by it as commands, and it gets no terminal then.
With one: its output, error output and exit status are passed on, its input is what you pipe in. As with ssh, flags after its first word are the command's own, and its words are joined by spaces and read by the remote shell. Its programs end with this one, unless nohup, setsid or tmux keeps them.`;
  static override usage = 'ssh [WORKSPACE] [FLAGS] [[--] COMMAND...]';
  static override examples = [
    '<%= config.bin %> ssh',
    '<%= config.bin %> ssh dev make test',
    'tar c . | <%= config.bin %> ssh -- tar x -C project',
    '<%= config.bin %> ssh dev < script.sh',
    '<%= config.bin %> ssh dev --tty top',
    '<%= config.bin %> ssh dev --tmux=job --detach -- npm run dev',
    '<%= config.bin %> ssh dev --tmux=job --wait',
    '<%= config.bin %> ssh -L 3000 --tmux',
  ];
  static override enableJsonFlag = false;
  static override baseFlags = workspaceFlags;
  static override flags = sshFlags;

  readonly #words = this.argv;
  readonly #split = splitCommand(this.#words);

  protected override wordsToParse(): string[] {
    return this.#split.before.map(nameSession);
  }

  /** `--tmux` alone has no value: the word behind it is something else. */
  override get typed(): TypedCommand {
    const { tmux, ...flags } = { ...this.ctor.baseFlags, ...sshFlags };
    const { before, command: behind, isMarked } = this.#split;
    const typed = readCommandLine(this.id, before, { ...flags, tmux: { ...tmux, type: 'boolean' } }, () => true);
    return { ...typed, behind, isMarked };
  }

  toRequest(): SshRequest {
    const { flags, terminal, givenWorkspace: workspace } = this;
    const { given: place } = this.here;
    const { before, command: words, isMarked, meant, behind } = this.#split;
    if (!isMarked) verifySessionNamed(before, words);
    return toSshRequest(flags, { place, workspace, words, meant, behind, terminal });
  }

  async run(): Promise<void> {
    await runSsh(this.toRequest(), this.terminal, this.config.root, {
      readLine: () => this.typed,
      listSources: () => this.listSources(),
    });
  }

  /** What cannot be a workspace's name may be a command; and no line is proposed that is refused as well. */
  async propose(error: Error): Promise<Error> {
    const { args, baseFlags, flags } = this.ctor;
    const grammar = toGrammar({ args, flags: { ...baseFlags, ...flags } });
    const toLine = (words: string[]) => Object.assign(new Ssh(words, this.config), { terminal: this.terminal });
    return withAcceptedLines(withCommand(error, this.#split, this.#words, grammar.flags), this, toLine);
  }

  protected override async catch(error: Error): Promise<void> {
    await super.catch(await this.propose(error));
  }

  protected override exitCodeFor(error: Error): number {
    return toSshExitCode(error);
  }
}
