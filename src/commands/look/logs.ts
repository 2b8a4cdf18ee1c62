import { Flags } from '@oclif/core';
import { EXIT_CODES } from '../../cli/command/exit-codes.ts';
import { WorkspaceCommand } from '../../cli/command/workspace-command.ts';
import { isEndedByCtrlC } from '../../cli/terminal/interrupt.ts';
import { parseCount } from '../../cli/words/numbers.ts';
import { logs } from '../../operations/look/logs.ts';
import { handOn } from '../../report/leaving.ts';
import { sayAside } from '../../report/notes.ts';
import { formatLogLine } from '../../report/results/log-line.ts';
import { hasCode } from '../../workspace/errors/errors.ts';

export default class Logs extends WorkspaceCommand<typeof Logs> {
  static changesWorkspace = false;
  static override summary = "Show a workspace's server log: connections, logins, what was killed and why";
  static override examples = [
    '<%= config.bin %> logs',
    '<%= config.bin %> logs dev --follow',
    '<%= config.bin %> logs --previous --raw | jq .event',
  ];
  static override flags = {
    follow: Flags.boolean({ char: 'f', description: 'go on as lines come' }),
    previous: Flags.boolean({ char: 'p', description: 'of the container before the last restart' }),
    tail: Flags.string({ description: 'only the last lines', helpValue: 'COUNT' }),
    raw: Flags.boolean({ description: 'the JSON lines as they are' }),
  };

  async run(): Promise<string[] | undefined> {
    const { flags } = this;
    const lines: string[] = [];
    const options = {
      follow: flags.follow,
      previous: flags.previous,
      tailLines: flags.tail === undefined ? undefined : parseCount(flags.tail, 'tail'),
    };
    let count = 0;
    try {
      for await (const line of logs(await this.workspaceName(), options, await this.world, this.signal)) {
        count += 1;
        if (this.jsonEnabled()) lines.push(line);
        else if (flags.raw) handOn(this.terminal.stdout, `${line}\n`);
        else this.log(formatLogLine(line, this.terminal.colorOnStdout, this.terminal.stdout.columns));
      }
    } catch (error) {
      // Ctrl-C is how following ends. A log that was to be whole is not.
      if (!flags.follow || !hasCode(error, 'INTERRUPTED')) throw error;
      if (isEndedByCtrlC()) process.exitCode = EXIT_CODES.done;
    }
    if (count === 0 && options.tailLines !== 0 && !flags.follow && !this.jsonEnabled()) await this.#sayEmpty();
    return this.jsonEnabled() ? lines : undefined;
  }

  /** Nothing at all could be anything: a wrong place, say. */
  async #sayEmpty(): Promise<void> {
    const { context, namespace } = (await this.world).cluster;
    const name = this.workspace === undefined ? 'the workspace' : `workspace ${this.workspace}`;
    sayAside(this.terminal.stderr, `The log of ${name} in namespace ${namespace} of context ${context} is empty.`);
  }
}
