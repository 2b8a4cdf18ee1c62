import { Args, Flags } from '@oclif/core';
import { rememberPassphrases } from '../cli/asking/remember-passphrase.ts';
import { parseDuration } from '../cli/command/durations.ts';
import { EXIT_CODES } from '../cli/command/exit-codes.ts';
import { connectFlags, keepPassphraseFlag, parsePort, workspaceArg } from '../cli/command/flags.ts';
import { WorkspaceCommand } from '../cli/command/workspace-command.ts';
import { forwardFlag } from '../cli/session/session-flags.ts';
import { limitGarbage } from '../cli/terminal/garbage.ts';
import { isEndedByCtrlC } from '../cli/terminal/interrupt.ts';
import { type ForwardResult, forward } from '../operations/forward.ts';
import { say } from '../report/leaving.ts';
import { failure } from '../workspace/errors/errors.ts';
import { ws } from '../workspace/errors/suggestion.ts';
import { parseForwards } from '../workspace/forwards/mapping.ts';

export default class Forward extends WorkspaceCommand<typeof Forward> {
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
  static override flags = {
    ...connectFlags,
    ...keepPassphraseFlag,
    address: Flags.string({ description: 'local address to listen on', default: '127.0.0.1' }),
    remote: forwardFlag(
      'R',
      'the other way, a port there that leads here: as for ssh with a host, else LOCAL:REMOTE',
      'REMOTE:HOST:LOCAL',
    ),
    socks: forwardFlag('D', 'a SOCKS5 proxy on this local port, into the cluster', '[ADDRESS:]PORT'),
    auto: Flags.boolean({
      description:
        "forward what your programs in the workspace listen on, as they come and go; the server's own ports never",
    }),
    ignore: Flags.string({
      description: 'ports that --auto leaves alone',
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
      dependsOn: ['auto'],
      helpValue: 'PORT,…',
    }),
    strict: Flags.boolean({ description: 'fail when a local port is taken, instead of using the next free one' }),
  };

  #isDocumentOut = false;

  async run(): Promise<void> {
    const { flags, positions } = this;
    const mappings = parseForwards({ ...flags, forward: positions });
    const auto = flags.auto
      ? { ignored: (flags.ignore ?? []).map((port) => parsePort(port.trim(), 'ignore')) }
      : undefined;
    if (mappings.length === 0 && auto === undefined) {
      throw failure('BAD_MAPPING', {
        message: 'Nothing to forward was named',
        suggestions: [ws`forward 3000`, ws`forward 8080:3000`, ws`forward --auto`, ws`forward --socks 1080`],
      });
    }
    const request = {
      workspace: await this.workspaceName(),
      mappings,
      auto,
      address: flags.address,
      anyFreePort: !flags.strict,
      waitTimeoutMs: parseDuration(flags['wait-timeout'], 'wait-timeout'),
      connect: {
        identityPath: flags.identity,
        acceptHostKey: flags['accept-host-key'],
        askPassphrase: rememberPassphrases(this.passphrases.ask),
      },
    };
    const session = await this.perform((world, signal) => forward(request, world, signal));
    await this.passphrases.offerToKeep(flags['keep-passphrase']);
    // Now, not at the end: whoever reads it wants to use the ports.
    if (this.jsonEnabled())
      this.logJson(
        this.toSuccessJson({ workspace: session.workspace, forwards: session.forwards.map(({ info }) => info) }),
      );
    this.#isDocumentOut = true;
    limitGarbage();
    const isLive = flags.progress === 'live' || (flags.progress === 'auto' && this.terminal.canDraw);
    try {
      if (isLive) await this.#draw(session);
      else await this.perform(() => session.keep());
    } finally {
      await session.close();
    }
    // Ctrl-C is how a forward ends. The terminal has shown it as ^C, and the prompt wants a line of its own.
    if (isEndedByCtrlC()) {
      process.exitCode = EXIT_CODES.done;
      if (isLive) say(this.terminal.stderr, '\n');
    }
  }

  /** The traffic of the forwards and what happens to them, while they last. */
  async #draw({ forwards, keep }: ForwardResult): Promise<void> {
    const { openForwardTable } = await import('../report/progress/forward-table.tsx');
    const table = openForwardTable({ forwards, stream: this.terminal.stderr, nowMs: Date.now, spell: this.spell });
    try {
      for await (const event of keep()) table.event(event);
    } finally {
      await table.close();
    }
  }

  /** A forward has a colon, or is a port. */
  protected override startsWithWorkspace([first = '']: string[]): boolean {
    return /^[a-z][a-z0-9.-]*$/i.test(first);
  }

  /** Stdout gets one document: what goes wrong after it is an error screen, and an exit code. */
  override jsonEnabled(): boolean {
    return !this.#isDocumentOut && super.jsonEnabled();
  }
}
