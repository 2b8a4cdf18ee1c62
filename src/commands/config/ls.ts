import { BaseCommand } from '../../cli/command/base-command.ts';
import { formatSettings } from '../../report/results/settings-list.ts';
import { type KnownSetting, listSettings } from '../../workspace/choices/known-settings.ts';
import type { Settings } from '../../workspace/choices/settings.ts';

export default class ConfigLs extends BaseCommand<typeof ConfigLs> {
  static changesWorkspace = false;
  static override summary = 'Show your settings, and where each value comes from';
  static override examples = ['<%= config.bin %> config ls'];

  async run(): Promise<Settings & { settings: KnownSetting[] }> {
    // The form's memory is not one of the user's settings.
    const { lastAnswers: _remembered, ...saved } = (await this.settings).read();
    const settings = listSettings(saved, process.env);
    const { stdout, colorOnStdout } = this.terminal;
    this.log(formatSettings(settings, { width: stdout.columns, color: colorOnStdout }));
    return { ...saved, settings };
  }
}
