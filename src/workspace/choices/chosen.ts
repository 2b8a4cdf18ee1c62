/** What was chosen of the table, by the rows' names, and what derives from a row alone. */
import { enumerate } from '../errors/enumerate.ts';
import { failure } from '../errors/errors.ts';
import { toQuoted } from '../errors/printable.ts';
import { type Command, type Suggestion, toFlag, type Word, ws } from '../errors/suggestion.ts';
import { ABOUT_WAKE, DEFAULT_WAKE, findWakeRule, WAKE_RULES, type WakeRule } from '../sleep/waking.ts';
import type { Choice } from './choice.ts';
import { NO_CLASS } from './options.ts';
import { CHOICES } from './table.ts';

/** Settings that are no choice of `ws up`: what logs in goes by them. */
const LOGIN_SETTINGS = {
  wake: {
    flag: { description: ABOUT_WAKE, env: 'WS_WAKE', helpGroup: '', helpValue: WAKE_RULES.join('|') },
    findFault: (text) => (findWakeRule(text) === undefined ? `a rule is ${WAKE_RULES.join(', ')}` : undefined),
    refusal: { code: 'BAD_VALUE', words: 'is no rule' },
    examples: WAKE_RULES,
    read: (text) => findWakeRule(text) ?? DEFAULT_WAKE,
    setting: { about: `which login wakes a workspace: ${WAKE_RULES.join(', ')}`, otherwise: DEFAULT_WAKE },
  } satisfies Choice<WakeRule>,
};

type Table = typeof CHOICES;
export type ChoiceName = keyof Table;

type ValueOf<Row> = Row extends { read(text: string): infer Value }
  ? Row extends { flag: { multiple: true } }
    ? Value[]
    : Value
  : never;

/** Undefined means: leave it as it is. */
export type Choices = { [Name in ChoiceName]?: ValueOf<Table[Name]> | undefined };

type Kebab<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${Kebab<Rest>}`
  : Name;

/** The flags of the table, as they are typed. */
export type TypedChoices = {
  [Name in ChoiceName as Kebab<Name>]?:
    | (Table[Name] extends { flag: { multiple: true } } ? string[] : string)
    | undefined;
};

/** Rows with a column. */
type NameWith<Column> = { [Name in ChoiceName]: Table[Name] extends Column ? Name : never }[ChoiceName];

/** Rows of `ws up` that `ws config set` takes as well. */
export type SettingKey = NameWith<{ setting: object }>;

/** All that `ws config set` takes. */
export type SettingName = SettingKey | keyof typeof LOGIN_SETTINGS;

/** Rows with a question of the form. */
export type QuestionName = NameWith<{ question: object }>;

const ROWS: Record<ChoiceName | SettingName, unknown> = { ...CHOICES, ...LOGIN_SETTINGS };
export const CHOICE_NAMES = Object.keys(CHOICES) as ChoiceName[];

export const SETTING_KEYS = CHOICE_NAMES.filter((name): name is SettingKey => rowOf(name).setting !== undefined);
export const ALL_SETTINGS: SettingName[] = [
  ...SETTING_KEYS,
  ...(Object.keys(LOGIN_SETTINGS) as (keyof typeof LOGIN_SETTINGS)[]),
];
export const QUESTION_NAMES = CHOICE_NAMES.filter((name): name is QuestionName => rowOf(name).question !== undefined);

/** The row of a name, for whoever treats all rows alike. */
export function rowOf(name: ChoiceName | SettingName): Choice<unknown> {
  return ROWS[name] as Choice<unknown>;
}

export function toFlagName<Name extends ChoiceName | SettingName>(name: Name): Kebab<Name> {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) as Kebab<Name>;
}

/** What flags and environment choose. Throws a usage error for the first that is refused. */
export function parseChoices(typed: TypedChoices): Choices {
  const entries = CHOICE_NAMES.flatMap((name) => {
    const text: string | string[] | undefined = typed[toFlagName(name)];
    if (text === undefined) return [];
    return [[name, Array.isArray(text) ? text.map((each) => parseFlag(name, each)) : parseFlag(name, text)]];
  });
  const choices = Object.fromEntries(entries) as Choices;
  verifyHome(choices);
  return choices;
}

function parseFlag(name: ChoiceName, text: string): unknown {
  return parseText(name, text, `--${toFlagName(name)}`, (example) => ({
    ...suggestFlag(name, example),
    again: { instead: [text] },
  }));
}

/** The command that says this by the choice's flag. */
function suggestFlag(name: ChoiceName, text: string): Command {
  return suggestFlags([[name, text]]);
}

/** The command that says all of these by their flags. */
export function suggestFlags(texts: readonly (readonly [name: ChoiceName, text: string])[]): Command {
  const words = texts.flatMap(([name, text]): Word[] => [
    `--${toFlagName(name)}`,
    text.startsWith('~/') ? { inHome: text.slice(2) } : text,
  ]);
  return { program: 'ws', words: ['up', ...words] };
}

/**
 * The value of a text, as the flag or the setting that said it. What the form would propose for a text is taken for it;
 * `describeReading` says so.
 */
export function parseText(
  name: ChoiceName | SettingName,
  text: string,
  said: string,
  suggest: (example: string) => Suggestion,
): unknown {
  const { findFault, refusal, examples, read } = rowOf(name);
  const meant = findMeant(name, text) ?? text;
  const reason = findFault(meant);
  if (reason === undefined) return read(meant);
  const { code, words } = refusal;
  throw failure(code, { message: `${said} ${toQuoted(text)} ${words}`, reason, suggestions: examples.map(suggest) });
}

/** What a text that would be refused is taken for: another notation, never another amount. */
export function findMeant(name: ChoiceName | SettingName, text: string): string | undefined {
  const { findFault, propose } = rowOf(name);
  const meant = findFault(text) === undefined ? undefined : propose?.(text);
  return meant === undefined || findFault(meant) !== undefined ? undefined : meant;
}

/** One thing that was said: by which row, with which text, and what said it. */
export interface SaidText {
  name: ChoiceName | SettingName;
  text: string;
  said: string;
}

/** The texts of the table's flags. What was not typed in the line, the flag's variable has said. */
export function listFlagTexts(said: TypedChoices, isTyped: (flag: string) => boolean): SaidText[] {
  return CHOICE_NAMES.flatMap((name) => {
    const flag = toFlagName(name);
    const variable = isTyped(flag) ? undefined : rowOf(name).flag.env;
    return [said[flag] ?? []].flat().map((text) => ({ name, text, said: variable ?? `--${flag}` }));
  });
}

/** A sentence about the texts that are taken for another one, and what that is; undefined where there is none. */
export function describeReading(texts: readonly SaidText[]): string | undefined {
  const readings = texts.flatMap(({ name, text, said }) => {
    const meant = findMeant(name, text);
    if (meant === undefined) return [];
    const meaning = rowOf(name).translate?.(text, meant);
    return [`${said} ${toQuoted(text)} is read as ${meant}${meaning === undefined ? '' : ` (${meaning})`}`];
  });
  return readings.length === 0 ? undefined : enumerate(readings, 'and');
}

/** The flags that choose the same. */
export function toWords(choices: Choices): string[] {
  return CHOICE_NAMES.flatMap((name) => {
    const { write = String } = rowOf(name);
    return listValues(choices, name).flatMap((value) => toFlag(`--${toFlagName(name)}`, write(value)));
  });
}

function listValues(choices: Choices, name: ChoiceName): unknown[] {
  const value = choices[name];
  if (value === undefined) return [];
  return rowOf(name).flag.multiple === true ? (value as unknown[]) : [value];
}

/** True when nothing was chosen that the release says, so that an existing workspace is left untouched. */
export function isUnchanged(choices: Choices): boolean {
  return CHOICE_NAMES.every((name) => choices[name] === undefined || rowOf(name).toValues === undefined);
}

/** What a claim that is there, or no volume at all, leaves no choice of. */
function verifyHome({ home, storageClass, size }: Choices): void {
  if (size === undefined) return;
  if (home !== undefined)
    throw failure('CONFLICTING_FLAGS', {
      message: '--size is the size of a new volume, and --home names one that is there',
      suggestions: [{ ...ws`up --home ${home}`, again: { without: ['size'] } }],
    });
  if (storageClass === NO_CLASS)
    throw failure('CONFLICTING_FLAGS', {
      message: '--size is the size of a volume, and --storage-class none has none',
      suggestions: [ws`up --storage-class default --size 10Gi`],
    });
}
