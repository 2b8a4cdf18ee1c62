/** Apart from the other sources, which are loaded without the table of choices. */
import { SETTING_KEYS, toFlagName } from '../../workspace/choices/chosen.ts';
import type { Settings } from '../../workspace/choices/settings.ts';
import type { Said } from './sources.ts';

/** The settings that no flag and no variable went before. `flags` has values by the flags' names. */
export function listSettingSources(settings: Settings, flags: Readonly<Record<string, unknown>>): Said[] {
  return SETTING_KEYS.flatMap((key): Said[] => {
    const flag = toFlagName(key);
    const value = settings[key];
    if (value === undefined || flags[flag] !== undefined) return [];
    return [{ flag, value: String(value), source: `the setting ${flag}` }];
  });
}
