import { Args } from '@oclif/core';
import { rememberPassphrases } from '../cli/asking/remember-passphrase.ts';
import { EXIT_CODES } from '../cli/command/exit-codes.ts';
import { workspaceArg } from '../cli/command/flags.ts';
import { WorkspaceCommand } from '../cli/command/workspace-command.ts';
import { drawForwards } from '../cli/session/draw-forwards.ts';
import { forwardFlags, toForwardRequest } from '../cli/session/forward-flags.ts';
import { limitGarbage } from '../cli/terminal/garbage.ts';
import { isEndedByCtrlC } from '../cli/terminal/interrupt.ts';
import { forward } from '../operations/forward.ts';

export default class Forward extends WorkspaceCommand<typeof Forward> {
  static changesWorkspace = false;
  static override summary = 'Reach ports of a workspace from this machine';
  static override description =
    'Each forward is PORT, LOCAL:REMOTE, a range of either, or [ADDRESS:]LOCAL:HOST:REMOTE for what the workspace can reach, as after ssh -L. It stays until Ctrl-C, and comes back by itself when the connection is lost.';
  static override examples = [
    '<%= config.bin %> forward 3000',
    '<%= config.bin %> forward 8080:3000 5432:db:5432',
    '<%= config.bin %> forward dev 3000-3005',
    '<%= config.bin %> forward --auto --ignore 9229',
    '<%= config.bin %> forward --socks 1080',
    '<%= config.bin %> forward 0:3000 --json',
    '<%= config.bin %> forward -R 8080:localhost:3000',
  ];
  static override strict = false;
  static override args = {
    workspace: workspaceArg,
    forwards: Args.string({ ignoreStdin: true, description: 'what to forward', required: false }),
  };
  static override flags = forwardFlags;

  #isDocumentOut = false;

  async run(): Promise<void> {
    const { flags, positions } = this;
    const workspace = await this.workspaceName();
    const askPassphrase = rememberPassphrases(this.passphrases.ask);
    const { isNamed, terminal } = this;
    const request = toForwardRequest(flags, { workspace, isNamed, forwards: positions, askPassphrase, terminal });
    const session = await this.perform((world, signal) => forward(request, world, signal));
    await this.passphrases.offerToKeep(flags['keep-passphrase']);
    // Print it now, because the reader wants to use the ports.
    if (this.jsonEnabled())
      this.logJson(
        this.toSuccessJson({ workspace: session.workspace, forwards: session.forwards.map(({ info }) => info) }),
      );
    this.#isDocumentOut = true;
    limitGarbage();
    const isLive = flags.progress === 'live' || (flags.progress === 'auto' && this.terminal.canDraw);
    try {
      if (isLive) await drawForwards(session, this.terminal, this.spell);
      else await this.perform(() => session.keep());
    } finally {
      await session.close();
    }
    // Ctrl-C ends a forward.
    if (isEndedByCtrlC()) process.exitCode = EXIT_CODES.done;
  }

  /** A forward has a colon, or is a port, and never an @. */
  protected override startsWithWorkspace([first = '']: string[]): boolean {
    return /^[a-z][a-z0-9.-]*$/i.test(first) || first.includes('@');
  }

  /** Stdout gets one document. A later failure is an error screen and an exit code. */
  override jsonEnabled(): boolean {
    return !this.#isDocumentOut && super.jsonEnabled();
  }
}
