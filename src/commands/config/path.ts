import { BaseCommand } from '../../cli/command/base-command.ts';

export default class ConfigPath extends BaseCommand<typeof ConfigPath> {
  static changesWorkspace = false;
  static override summary = 'Print where your settings are kept';
  static override examples = ['<%= config.bin %> config path'];

  async run(): Promise<{ path: string }> {
    const { path } = await this.settings;
    this.log(path);
    return { path };
  }
}
