import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/command/base-command.ts';
import { toFlagName } from '../../workspace/choices/chosen.ts';
import { parseSettingKey, withoutSetting } from '../../workspace/choices/settings.ts';
import { ws } from '../../workspace/errors/suggestion.ts';

export default class ConfigUnset extends BaseCommand<typeof ConfigUnset> {
  static changesWorkspace = false;
  static override summary = 'Forget one of your settings, so that the default holds again';
  static override examples = ['<%= config.bin %> config unset storage-class'];
  static override args = {
    key: Args.string({ ignoreStdin: true, description: 'name of the setting; see ws config ls', required: true }),
  };

  async run(): Promise<{ key: string; value: string }> {
    const key = parseSettingKey(this.args.key, (name) => ws`config unset ${name}`);
    await (await this.settings).update((all) => withoutSetting(all, key));
    this.log(`${toFlagName(key)} is unset`);
    return { key, value: '' };
  }
}
