/** The user's settings for new workspaces: nothing here that the cluster could be asked. */
import { failure } from '../errors/errors.ts';
import { ws } from '../errors/suggestion.ts';
import {
  type Choices,
  parseText,
  QUESTION_NAMES,
  type QuestionName,
  rowOf,
  SETTING_KEYS,
  type SettingKey,
} from './chosen.ts';

export type Settings = Pick<Choices, SettingKey> & {
  /** Workspace of a directory, by its absolute path. */
  directories?: Record<string, string>;
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
  write(change: Settings): void;
  remove(key: keyof Settings): void;
}

/** A setting's name. Throws `BAD_VALUE` with the names there are. */
export function parseSettingKey(text: string): SettingKey {
  const key = SETTING_KEYS.find((name) => name === text);
  if (key !== undefined) return key;
  throw failure('BAD_VALUE', {
    message: `There is no setting "${text}"`,
    reason: `There is: ${SETTING_KEYS.join(', ')}`,
    suggestions: [ws`config ls`],
  });
}

/** A setting's value, checked as its flag would be. */
export function parseSetting(key: SettingKey, text: string): Settings {
  return { [key]: parseText(key, text, key, (example) => ws`config set ${key} ${example}`) };
}

/** The JSON schema of each member of the settings' file. */
export function toSettingsSchema() {
  return {
    ...toSchemas(SETTING_KEYS),
    directories: { type: 'object', additionalProperties: { type: 'string' } },
    lastAnswers: { type: 'object', properties: toSchemas(QUESTION_NAMES) },
  } as const;
}

/** What the texts of these rows read as. The numbers are IDs. */
function toSchemas(names: (SettingKey | QuestionName)[]) {
  const entries = names.map((name) => {
    const { read, examples } = rowOf(name);
    const isNumber = typeof read(examples[0]) === 'number';
    return [name, isNumber ? { type: 'integer', minimum: 1, maximum: 2_147_483_647 } : { type: 'string' }];
  });
  return Object.fromEntries(entries);
}
