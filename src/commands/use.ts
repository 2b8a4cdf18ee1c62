import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/command/base-command.ts';
import { missingArgument } from '../cli/command/flags.ts';
import { findGivenName } from '../cli/command/name-workspace.ts';
import { parseWorkspaceName } from '../workspace/names.ts';

export default class Use extends BaseCommand<typeof Use> {
  static override summary = "Make a workspace this directory's, so that commands here need no name";
  static override examples = ['<%= config.bin %> use dev', "<%= config.bin %> use ''"];
  static override args = {
    workspace: Args.string({ ignoreStdin: true, description: "its name; '' undoes it" }),
  };
  // Ignores the variable: this command binds a workspace to the directory.
  static override flags = {
    workspace: Flags.string({ char: 'w', description: 'the same', helpValue: 'NAME' }),
  };

  async run(): Promise<{ directory: string; workspace: string | null }> {
    const { args, flags } = this;
    const directory = process.cwd();
    const settings = await this.settings;
    const { [directory]: _before, ...others } = settings.read().directories ?? {};
    if (args.workspace === '' || flags.workspace === '') {
      settings.write({ directories: others });
      this.log('This directory has no workspace of its own any more.');
      return { directory, workspace: null };
    }
    const name = findGivenName({ position: args.workspace, flag: flags.workspace });
    if (name === undefined) throw missingArgument('workspace', this.id);
    const workspace = parseWorkspaceName(name);
    settings.write({ directories: { ...others, [directory]: workspace } });
    this.log(`Commands in ${directory} and below now mean workspace ${workspace}.`);
    return { directory, workspace };
  }
}
