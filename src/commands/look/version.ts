import { BaseCommand } from '../../cli/command/base-command.ts';
import { formatVersion, getVersion, type Version } from '../../cli/front/version.ts';

export default class ShowVersion extends BaseCommand<typeof ShowVersion> {
  static changesWorkspace = false;
  static override summary = 'Print the version of ws';
  static override examples = ['<%= config.bin %> version'];

  async run(): Promise<Version> {
    this.log(formatVersion().trimEnd());
    return getVersion();
  }
}
