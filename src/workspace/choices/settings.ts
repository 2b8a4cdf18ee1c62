/** The user's settings, for new workspaces and for logins: nothing here that the cluster could be asked. */

import { failure } from '../errors/errors.ts';
import { findNearest } from '../errors/nearest.ts';
import { toQuoted } from '../errors/printable.ts';
import { type Command, ws } from '../errors/suggestion.ts';
import type { Binding } from '../naming/binding.ts';
import type { WakeRule } from '../sleep/waking.ts';
import {
  ALL_SETTINGS,
  type Choices,
  parseText,
  QUESTION_NAMES,
  type QuestionName,
  rowOf,
  type SettingKey,
  type SettingName,
  toFlagName,
} from './chosen.ts';

export type Settings = Pick<Choices, SettingKey> & {
  /** Which logins wake a workspace that sleeps. */
  wake?: WakeRule | undefined;
  /** Workspace of a directory, by its absolute path; `ws` 0.1 wrote its name alone. */
  directories?: Record<string, string | Binding>;
  /** What the form of `ws up` was told the last time: where it begins the next time. No default of anything else. */
  lastAnswers?: LastAnswers;
};

export type LastAnswers = Pick<Choices, QuestionName>;

/** Where settings are kept. */
export interface SettingsStore {
  readonly path: string;
  /** Set when the file was damaged: it was moved there, and defaults apply. */
  readonly setAside: { movedTo: string; reason: string } | undefined;
  read(): Settings;
  /**
   * Makes of what the file says at that moment what it shall say. Several `ws` may do so at once, each with the answer
   * of the one before it. `change` must be quick, and may be asked twice.
   */
  update(change: (settings: Settings) => Settings): Promise<void>;
}

/** The names of the settings as they are shown: those of their flags. The file has the rows' own. */
export const SETTING_NAMES = ALL_SETTINGS.map((key) => toFlagName(key));

/**
 * A setting's name, however it is spelled: as its flag, as in the file, with capitals, dashes, underscores or none.
 * Throws `BAD_VALUE` with what was probably meant and the names that there are; `suggest` says the command with it.
 */
export function parseSettingKey(text: string, suggest: (name: string) => Command): SettingName {
  const key = ALL_SETTINGS.find((name) => listSpellings(name).includes(fold(text)));
  if (key !== undefined) return key;
  const meant = findNearest(text, SETTING_NAMES);
  throw failure('BAD_VALUE', {
    message: `There is no setting ${toQuoted(text)}`,
    reason: `There is: ${SETTING_NAMES.join(', ')}`,
    suggestions: [...(meant === undefined ? [] : [suggest(meant)]), ws`config ls`],
  });
}

function listSpellings(name: SettingName): string[] {
  const { former } = rowOf(name).flag;
  return [name, ...(former === undefined ? [] : [former.name])].map(fold);
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** The settings without this one. */
export function withoutSetting(settings: Settings, key: SettingName): Settings {
  const { [key]: _gone, ...others } = settings;
  return others;
}

/** A setting's value, checked as its flag would be. */
export function parseSetting(key: SettingName, text: string): Settings {
  const name = toFlagName(key);
  return { [key]: parseText(key, text, name, (example) => ws`config set ${name} ${example}`) };
}

/** The JSON schema of each member of the settings' file. */
export function toSettingsSchema() {
  return {
    ...toSchemas(ALL_SETTINGS),
    directories: { type: 'object', additionalProperties: BINDING },
    lastAnswers: { type: 'object', properties: toSchemas(QUESTION_NAMES) },
  } as const;
}

const BINDING = {
  anyOf: [
    { type: 'string' },
    {
      type: 'object',
      properties: Object.fromEntries(
        ['workspace', 'context', 'namespace', 'kubeconfig'].map((name) => [name, { type: 'string' }]),
      ),
      required: ['workspace'],
    },
  ],
} as const;

/** What the texts of these rows read as. The numbers are IDs. */
function toSchemas(names: (SettingName | QuestionName)[]) {
  const entries = names.map((name) => {
    const { read, examples } = rowOf(name);
    const isNumber = typeof read(examples[0]) === 'number';
    return [name, isNumber ? { type: 'integer', minimum: 1, maximum: 2_147_483_647 } : { type: 'string' }];
  });
  return Object.fromEntries(entries);
}
