import { BaseCommand } from '../../cli/command/base-command.ts';
import { formatFields } from '../../report/results/tables.ts';
import { SETTING_KEYS } from '../../workspace/choices/chosen.ts';
import type { Settings } from '../../workspace/choices/settings.ts';
import { CHOICES } from '../../workspace/choices/table.ts';

export default class ConfigLs extends BaseCommand<typeof ConfigLs> {
  static override summary = 'Show your settings';
  static override examples = ['<%= config.bin %> config ls'];

  async run(): Promise<Settings> {
    // The form's memory is not one of the user's settings.
    const { lastAnswers: _remembered, ...settings } = (await this.settings).read();
    const rows = SETTING_KEYS.map(
      (key) =>
        [key, settings[key] === undefined ? `– (${CHOICES[key].setting})` : String(settings[key])] as [string, string],
    );
    this.log(formatFields(rows, { color: this.terminal.colorOnStdout }));
    return settings;
  }
}
