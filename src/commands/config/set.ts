import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/command/base-command.ts';
import { parseSetting, parseSettingKey } from '../../workspace/choices/settings.ts';

export default class ConfigSet extends BaseCommand<typeof ConfigSet> {
  static override summary = 'Set one of your settings for new workspaces; an empty value removes it';
  static override examples = ['<%= config.bin %> config set storageClass fast', "<%= config.bin %> config set user ''"];
  static override args = {
    key: Args.string({ ignoreStdin: true, description: 'name of the setting; see ws config ls', required: true }),
    value: Args.string({ ignoreStdin: true, description: 'its value', required: true }),
  };

  async run(): Promise<{ key: string; value: string }> {
    const { args } = this;
    const key = parseSettingKey(args.key);
    const settings = await this.settings;
    if (args.value === '') settings.remove(key);
    else settings.write(parseSetting(key, args.value));
    this.log(args.value === '' ? `${key} is unset` : `${key} = ${args.value}`);
    return { key, value: args.value };
  }
}
