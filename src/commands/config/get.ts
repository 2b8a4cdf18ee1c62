import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/command/base-command.ts';
import { parseSettingKey } from '../../workspace/choices/settings.ts';
import { ws } from '../../workspace/errors/suggestion.ts';

export default class ConfigGet extends BaseCommand<typeof ConfigGet> {
  static changesWorkspace = false;
  static override summary = 'Print one of your settings';
  static override examples = ['<%= config.bin %> config get storage-class'];
  static override args = {
    key: Args.string({ ignoreStdin: true, description: 'name of the setting; see ws config ls', required: true }),
  };

  async run(): Promise<{ key: string; value: string | number | null }> {
    const key = parseSettingKey(this.args.key, (name) => ws`config get ${name}`);
    const value = (await this.settings).read()[key] ?? null;
    if (value !== null) this.log(String(value));
    return { key, value };
  }
}
