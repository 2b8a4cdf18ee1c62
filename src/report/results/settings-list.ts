import type { KnownSetting } from '../../workspace/choices/known-settings.ts';
import { formatTable, type TableOptions } from './tables.ts';

export function formatSettings(settings: KnownSetting[], options: TableOptions): string {
  return formatTable<KnownSetting>(
    [
      { title: 'NAME', text: ({ name }) => name, isEssential: true },
      { title: 'VALUE', text: ({ value, otherwise }) => value ?? otherwise, isEssential: true },
      { title: 'FROM', text: toOrigin, isEssential: true },
      { title: 'WHAT IT IS', text: ({ about }) => about },
    ],
    settings,
    options,
  );
}

function toOrigin({ source, variable }: KnownSetting): string {
  if (variable !== undefined) return variable;
  return source === 'setting' ? 'your settings' : 'default';
}
