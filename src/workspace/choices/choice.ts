import type { ErrorCode } from '../errors/errors.ts';
import type { AgentState } from '../keys/agents.ts';
import type { Identity } from '../keys/keys.ts';
import type { StorageClassSnapshot } from '../state/snapshot.ts';
import type { ListOption } from './form.ts';

/**
 * One thing that `ws up` may be told about a workspace: a row of the table. Its flag, its question, its setting, its
 * values of the chart and the words that repeat it all derive from the row.
 */
export interface Choice<Value> extends Row<Value> {
  /** Where it stands in the chart's values; without it, it is no part of the release. */
  toValues?(value: Value): object;
}

/** The same with a flag that may be given more than once. */
export interface RepeatableChoice<Value> extends Row<Value> {
  flag: FlagText & { multiple: true };
  toValues?(values: Value[]): object;
}

interface Row<Value> {
  flag: FlagText;
  /** Why a text is refused, or undefined. The form shows it while somebody types. */
  findFault(text: string): string | undefined;
  /** What a refused text was meant to be, as far as that can be told. */
  propose?(text: string): string | undefined;
  /** What a proposed text is in other words, where the two are not quite the same. */
  translate?(text: string, proposal: string): string | undefined;
  /** The usage error for a refused text: its code, and what its message says behind the text. */
  refusal: { code: ErrorCode; words: string };
  /** Texts that are taken, suggested in place of a refused or a missing one. */
  examples: readonly [string, ...string[]];
  /** The value of a text that has no fault. */
  read(text: string): Value;
  /** The text that reads as this value; the value's own by default. */
  write?(value: Value): string;
  /** What `ws config ls` says of it; without it, it is no setting. */
  setting?: SettingText;
  question?: Question;
}

/** A setting as it is listed. */
export interface SettingText {
  about: string;
  /** What holds where nothing sets it. */
  otherwise: string;
}

/** The flag as its help describes it. Its name is the row's, with dashes. */
export interface FlagText {
  description: string;
  helpGroup: string;
  helpValue: string;
  env?: string;
  multiple?: true;
  char?: 'i';
  /** Names of flags that cannot stand beside it. */
  exclusive?: readonly string[];
  /** Former spellings, which keep working. */
  former?: { name: string; char: 'k'; env: string };
}

/** A question of the form: a text, or a list where there are options. Each answer is a text that the flag takes. */
export interface Question {
  label: string;
  /** What an error calls it: `No username or key was given`. */
  what: string;
  /** What `--yes` answers, and what a text starts with. */
  preset(offer: Offer): string;
  options?(offer: Offer): ListOption[];
  /** What is to be known already for it to be asked; asked in any case by default. */
  isAsked?(known: ReadonlySet<string>, answers: Answers): boolean;
}

/** Answers of the form by the rows' names. */
export type Answers = Readonly<Record<string, string>>;

/** What a new workspace can be made of here: the options of lists, and what presets go by. */
export interface Offer {
  /** Undefined when they may not be listed. */
  storageClasses: StorageClassSnapshot[] | undefined;
  identities: Identity[];
  agent: AgentState;
  /** Where a new key would be made. */
  newKeyPath: string | undefined;
  /** Where keys in files are looked for, as a person writes it. */
  keyFolder: string;
}
