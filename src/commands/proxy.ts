import { pipeline } from 'node:stream/promises';
import { BaseCommand } from '../cli/base-command.ts';
import { SSH_FAILED } from '../cli/exit-codes.ts';
import { connectFlags, parseDuration, workspaceArg } from '../cli/flags.ts';
import { openProxy } from '../operations/proxy.ts';
import { WorkspaceError } from '../workspace/errors.ts';

export default class Proxy extends BaseCommand {
  static override summary = "Connect stdin and stdout to a workspace's SSH server, for OpenSSH's ProxyCommand";
  static override description =
    'ws config-ssh writes the configuration that uses it. A stopped workspace is not started: that is what ws up is for.';
  static override examples = ["ssh -o ProxyCommand='<%= config.bin %> proxy dev' developer@dev"];
  static override enableJsonFlag = false;
  static override args = { workspace: workspaceArg };
  static override flags = { 'wait-timeout': connectFlags['wait-timeout'] };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Proxy);
    this.useGlobals(flags);
    const name = await this.workspaceName(args.workspace);
    const stream = await openProxy(
      name,
      parseDuration(flags['wait-timeout'], 'wait-timeout'),
      await this.world,
      this.signal,
    );
    const { stdin, stdout } = this.terminal;
    // The workspace's end is the end; our input may stay open for as long as OpenSSH likes.
    const up = pipeline(stdin, stream, { signal: this.signal }).catch(() => undefined);
    await pipeline(stream, stdout, { end: false, signal: this.signal }).catch(() => undefined);
    stream.destroy();
    stdin.destroy();
    await up;
  }

  /** OpenSSH shows our stderr amid its own lines, and editors only the last few: one line has to say it all. */
  protected override async catch(error: Error): Promise<void> {
    if (!(error instanceof WorkspaceError) || error.kind === 'interrupted') return super.catch(error);
    const [suggestion] = error.suggestions;
    const remedy = suggestion === undefined ? '' : `; try: ${suggestion}`;
    this.terminal.stderr.write(`ws: ${error.message}${remedy}\n`);
    process.exitCode = SSH_FAILED;
  }

  protected override exitCodeFor(): number {
    return SSH_FAILED;
  }
}
