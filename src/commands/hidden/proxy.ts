import { SSH_FAILED } from '../../cli/command/exit-codes.ts';
import { connectFlags, directFlag, resumeFlag, toDirect, wakeFlag } from '../../cli/command/flags.ts';
import { WorkspaceCommand, workspaceFlags } from '../../cli/command/workspace-command.ts';
import type { ProxyRequest } from '../../cli/session/requests.ts';
import { reportProxyError, runProxy } from '../../cli/session/run-proxy.ts';
import { parseDuration } from '../../cli/words/durations.ts';
import { WorkspaceError } from '../../workspace/errors/errors.ts';

export default class Proxy extends WorkspaceCommand<typeof Proxy> {
  static changesWorkspace = false;
  static override summary = "Connect stdin and stdout to a workspace's SSH server, for OpenSSH's ProxyCommand";
  static override description =
    'ws config-ssh writes the configuration that uses it. A workspace that sleeps wakes, one that was stopped is not started: that is what ws up is for.';
  static override examples = ["ssh -o ProxyCommand='<%= config.bin %> proxy dev' developer@dev"];
  static override enableJsonFlag = false;
  static override baseFlags = workspaceFlags;
  static override flags = { 'wait-timeout': connectFlags['wait-timeout'], ...resumeFlag, ...directFlag, ...wakeFlag };

  toRequest(): ProxyRequest {
    const { flags } = this;
    const { given: place } = this.here;
    const waitTimeoutMs = parseDuration(flags['wait-timeout'], 'wait-timeout');
    return {
      place,
      workspace: this.givenWorkspace,
      waitTimeoutMs,
      wake: flags.wake,
      resumes: flags.resume,
      direct: toDirect(flags.direct),
      debug: flags.debug,
    };
  }

  async run(): Promise<void> {
    await runProxy(this.toRequest(), this.terminal, () => this.typed);
  }

  protected override async catch(error: Error): Promise<void> {
    // The parser reports its own errors.
    if (error instanceof WorkspaceError) await reportProxyError(error, this.terminal, this.spell, false);
    else await super.catch(error);
  }

  protected override exitCodeFor(): number {
    return SSH_FAILED;
  }
}
