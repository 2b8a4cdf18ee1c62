/** What holds where nothing is typed, and who says so. */
import { ALL_SETTINGS, rowOf, toFlagName } from './chosen.ts';
import type { Settings } from './settings.ts';

export interface KnownSetting {
  /** As it is shown and typed: its flag's name. */
  name: string;
  /** As the file of the settings has it. */
  key: string;
  about: string;
  /** Absent where nobody sets it. */
  value?: string;
  source: 'variable' | 'setting' | 'default';
  /** The variable that says it. */
  variable?: string;
  /** In words, what holds where nobody sets it. */
  otherwise: string;
}

/** Every setting, in the order of the table. A variable counts before the file. */
export function listSettings(saved: Settings, environment: Readonly<Record<string, string | undefined>>) {
  return ALL_SETTINGS.map((key): KnownSetting => {
    const { setting, flag } = rowOf(key);
    const { about = '', otherwise = '' } = setting ?? {};
    const shared = { name: toFlagName(key), key, about, otherwise };
    const variable = [flag.env, flag.former?.env].find((name) => name !== undefined && environment[name]);
    if (variable !== undefined) return { ...shared, value: environment[variable] ?? '', source: 'variable', variable };
    const value = saved[key];
    return value === undefined
      ? { ...shared, source: 'default' }
      : { ...shared, value: String(value), source: 'setting' };
  });
}
