import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/command/base-command.ts';
import { findDoubt, toLastingValue } from '../../cli/settings/doubts.ts';
import { sayNote } from '../../report/notes.ts';
import { describeReading, toFlagName } from '../../workspace/choices/chosen.ts';
import { parseSetting, parseSettingKey, withoutSetting } from '../../workspace/choices/settings.ts';
import { ws } from '../../workspace/errors/suggestion.ts';

export default class ConfigSet extends BaseCommand<typeof ConfigSet> {
  static changesWorkspace = false;
  static override summary = 'Set one of your settings for new workspaces; an empty value removes it';
  static override description =
    'The settings hold for every cluster. If this one lacks the storage class, a note says so, and the setting is kept.';
  static override examples = ['<%= config.bin %> config set storage-class fast', '<%= config.bin %> config set cpu 2'];
  static override args = {
    key: Args.string({ ignoreStdin: true, description: 'name of the setting; see ws config ls', required: true }),
    value: Args.string({ ignoreStdin: true, description: 'its value', required: true }),
  };

  async run(): Promise<{ key: string; value: string }> {
    const typed = this.args.value;
    const key = parseSettingKey(this.args.key, (name) => ws`config set ${name} ${typed}`);
    const text = toLastingValue(key, typed);
    const change = text === '' ? undefined : parseSetting(key, text);
    const value = String(change?.[key] ?? '');
    const reading = describeReading([{ name: key, text, said: toFlagName(key) }]);
    const settings = await this.settings;
    await settings.update((all) => (change === undefined ? withoutSetting(all, key) : { ...all, ...change }));
    this.log(value === '' ? `${toFlagName(key)} is unset` : `${toFlagName(key)} = ${value}`);
    if (reading !== undefined) sayNote(this.terminal.stderr, { text: `${reading}.` });
    const doubt = await findDoubt(key, value, this.place, this.signal);
    if (doubt !== undefined) {
      const { text, suggestion } = doubt;
      sayNote(this.terminal.stderr, suggestion === undefined ? { text } : { text, command: this.toCopy(suggestion) });
    }
    return { key, value };
  }
}
