import { CommandHelp, Help } from '@oclif/core';
import { toSigns } from '../../report/signs.ts';
import { readRootHelp } from './root-help.ts';

/** Shows examples first, then the meaning, then everything else. */
const ORDER = ['EXAMPLES', 'USAGE', 'DESCRIPTION', 'ARGUMENTS', 'FLAGS'];

/** Groups of flags in this order; those of every command come last. */
const GROUPS = ['WORKSPACE', 'HOME', 'POD', 'GLOBAL'];

export class AppHelp extends Help {
  protected override CommandHelpClass = ExamplesFirst;

  /** About a command or a topic by its words, or about all. oclif would pass over the word `help`. */
  async showAbout(path: readonly string[]): Promise<void> {
    const id = path.join(':');
    const command = this.config.findCommand(id);
    const topic = this.config.findTopic(id);
    if (command !== undefined) await this.showCommandHelp(command);
    else if (topic !== undefined) await this.showTopicHelp(topic);
    else await this.showRootHelp();
  }

  protected override log(...texts: string[]): void {
    super.log(...texts.map(toSigns));
  }

  protected override async showRootHelp(): Promise<void> {
    this.log(readRootHelp(this.config.root).trimEnd());
    this.log('');
  }
}

class ExamplesFirst extends CommandHelp {
  protected override sections() {
    const rank = (header: string) => (ORDER.includes(header) ? ORDER.indexOf(header) : ORDER.length);
    return super.sections().toSorted((one, other) => rank(one.header) - rank(other.header));
  }

  protected override groupFlags(flags: Parameters<CommandHelp['groupFlags']>[0]) {
    const { mainFlags, flagGroups } = super.groupFlags(flags);
    const groups = Object.entries(flagGroups).toSorted(([one], [other]) => GROUPS.indexOf(one) - GROUPS.indexOf(other));
    return { mainFlags, flagGroups: Object.fromEntries(groups) };
  }

  /** Leaves the flags out of the usage line: they would fill a third of a screen, and they follow anyway. */
  protected override defaultUsage(): string {
    const { id, args, strict } = this.command;
    const names = Object.values(args).map((argument) => this.arg(argument));
    const last = names.length - 1;
    const shown = strict ? names : names.map((name, at) => (at === last ? name.replace(/\]?$/, '...$&') : name));
    return [id, ...shown, '[FLAGS]'].join(' ');
  }

  /** Of a command that takes any number of words, the last argument alone may be several. */
  protected override args(args: Parameters<CommandHelp['args']>[0]): ReturnType<CommandHelp['args']> {
    const rows = super.args(args);
    return rows?.map(([name = '', ...rest], at) => [at < rows.length - 1 ? name.replace('...', '') : name, ...rest]) as
      | [string, string | undefined][]
      | undefined;
  }

  /** Leaves out the summary, which is above it already. */
  protected override description(): string | undefined {
    const { description } = this.command;
    return description === undefined ? undefined : this.wrap(description);
  }

  protected override examples(examples: Parameters<CommandHelp['examples']>[0]): string | undefined {
    return super.examples(examples)?.replaceAll('\n\n', '\n');
  }
}
