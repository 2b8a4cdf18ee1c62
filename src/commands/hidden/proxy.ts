import { BaseCommand } from '../../cli/command/base-command.ts';
import { parseDuration } from '../../cli/command/durations.ts';
import { SSH_FAILED } from '../../cli/command/exit-codes.ts';
import { connectFlags, workspaceArg } from '../../cli/command/flags.ts';
import { carryProxy, reportProxyError } from '../../cli/session/carry-proxy.ts';
import { openProxy } from '../../operations/proxy.ts';
import { WorkspaceError } from '../../workspace/errors/errors.ts';

export default class Proxy extends BaseCommand<typeof Proxy> {
  static override summary = "Connect stdin and stdout to a workspace's SSH server, for OpenSSH's ProxyCommand";
  static override description =
    'ws config-ssh writes the configuration that uses it. A stopped workspace is not started: that is what ws up is for.';
  static override examples = ["ssh -o ProxyCommand='<%= config.bin %> proxy dev' developer@dev"];
  static override enableJsonFlag = false;
  static override args = { workspace: workspaceArg };
  static override flags = { 'wait-timeout': connectFlags['wait-timeout'] };

  async run(): Promise<void> {
    const { args, flags } = this;
    const name = await this.workspaceName(args.workspace);
    const stream = await openProxy(
      name,
      parseDuration(flags['wait-timeout'], 'wait-timeout'),
      await this.world,
      this.signal,
    );
    await carryProxy(stream, this.terminal, this.signal);
  }

  protected override async catch(error: Error): Promise<void> {
    // What the parser says of the words is its own business.
    if (error instanceof WorkspaceError) await reportProxyError(error, this.terminal, this.subject);
    else await super.catch(error);
  }

  protected override exitCodeFor(): number {
    return SSH_FAILED;
  }
}
