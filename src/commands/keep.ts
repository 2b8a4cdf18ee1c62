import { Args, type Config } from '@oclif/core';
import { connectFlags, workspaceArg } from '../cli/command/flags.ts';
import { WorkspaceCommand } from '../cli/command/workspace-command.ts';
import { toGrammar } from '../cli/words/catalogue.ts';
import { parseDuration, parseSpan } from '../cli/words/durations.ts';
import { putNameFirst } from '../cli/words/name-first.ts';
import { toTokens } from '../cli/words/tokens.ts';
import { type KeepResult, keep } from '../operations/keep.ts';
import { ws } from '../workspace/errors/suggestion.ts';
import { isNewName } from '../workspace/naming/address.ts';
import { formatLocalClock } from '../workspace/sleep/local-time.ts';
import { neverWake } from '../workspace/sleep/waking.ts';

export default class Keep extends WorkspaceCommand<typeof Keep> {
  static changesWorkspace = true;
  static override summary = 'Hold a workspace: it counts as busy for a time';
  static override description =
    'For work that does not look like work, such as a wait for another machine. In the workspace, ws-keep COMMAND holds it while COMMAND runs. The last time counts; 0s lets it go. It starts nothing that is stopped or asleep.';
  static override usage = 'keep [WORKSPACE] TIME [FLAGS]';
  static override examples = [
    '<%= config.bin %> keep 2h',
    '<%= config.bin %> keep dev 90m',
    '<%= config.bin %> keep 0s',
  ];
  static override args = {
    workspace: workspaceArg,
    time: Args.string({ ignoreStdin: true, description: 'such as 90m, 2h30m or 1d; 7d at most', required: true }),
  };
  static override flags = connectFlags;

  constructor(words: string[], config: Config) {
    super(putNameFirst(words, listFlags()), config);
  }

  /** No time begins like a name: a lone word that does is the workspace, and its time is missing. */
  protected override startsWithWorkspace([first = '', ...others]: string[]): boolean {
    const tokens = toTokens(this.line.words, listFlags());
    const isNamed = tokens.some((token) => token.kind === 'option' && token.flag.name === 'workspace');
    return others.length > 0 || (!isNamed && isNewName(first));
  }

  async run(): Promise<KeepResult> {
    const { args, flags } = this;
    const seconds = parseSpan(args.time) / 1000;
    const request = {
      workspace: await this.workspaceName(),
      seconds,
      time: args.time,
      waitTimeoutMs: parseDuration(flags['wait-timeout'], 'wait-timeout'),
      waking: neverWake('ws keep starts nothing'),
      connect: {
        identityPath: flags.identity,
        acceptHostKey: flags['accept-host-key'],
        askPassphrase: this.passphrases.ask,
      },
    };
    const result = await this.perform((world, signal) => keep(request, world, signal));
    const { workspace } = result;
    const nowMs = Date.now();
    const until = `until ${formatLocalClock(nowMs + seconds * 1000, nowMs)} (${args.time})`;
    this.tell(`Workspace ${workspace} is held ${seconds === 0 ? 'no longer' : until}.`);
    if (seconds > 0) this.log(`Let it go: ${this.toCopy({ ...ws`keep 0s`, workspace })}`);
    return result;
  }
}

function listFlags() {
  return toGrammar({ args: {}, flags: { ...Keep.baseFlags, ...Keep.flags } }).flags;
}
