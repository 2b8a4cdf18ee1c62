/**
 * What to do next, as a value: a command, or a sentence. Nobody puts text together here; `spell` does that once, at the
 * very end, and knows the place by then. Two commands are two suggestions.
 */

import type { Place } from '../place.ts';

/** Programs that are suggested. */
const PROGRAMS = [
  ...(['ws', 'kubectl', 'helm', 'brew', 'export', 'ls', 'mkdir', 'ss', 'unset'] as const),
  ...(['scp', 'ssh', 'ssh-add', 'ssh-agent', 'ssh-keygen'] as const),
  ...(['apk', 'bash', 'choco', 'curl', 'dnf', 'pacman', 'scoop', 'snap', 'sudo', 'winget', 'zypper'] as const),
];
export type Program = (typeof PROGRAMS)[number];

/**
 * What stands in a line for what only its reader knows; several of them may be one, as `NAME:TAG`. Tests hold the list
 * against the source and against what the help calls the values of flags.
 */
const PLACEHOLDERS = [
  ...['CLAIM', 'COMMAND', 'COUNT', 'CPUS', 'FILE', 'FINGERPRINT', 'FOLDER', 'HOST', 'ID', 'IMAGE', 'IP', 'KEY', 'KEYS'],
  ...['LOCAL', 'NAME', 'OTHER-FILE', 'OTHER-NAME', 'PASSWORD', 'PATH', 'PORT', 'REMOTE', 'RULE', 'SESSION', 'SIZE'],
  ...['TAG', 'TIME', 'URL', 'USER', 'VALUE', 'WORKSPACE', 'SHA256:…', '/path/to/helm'],
].join('|');

/** A whole word, or what stands behind a sign or a space in one: `WS_CONFIG_DIR=FOLDER`, `COMMAND <input`. */
const IN_WORD = new RegExp(`(?<=^|[= ])(?:${PLACEHOLDERS})(?:[:=](?:${PLACEHOLDERS}))*(?:[.]pub)?(?=$| )`, 'g');

/** What has to be replaced in a word before somebody runs its line. */
export function findPlaceholders(word: Word): string[] {
  return typeof word === 'string' ? (word.match(IN_WORD) ?? []) : [];
}

/** A word as the program is to get it, whatever it holds; or a path that a shell completes. */
export type Word = string | InHome;

/** A path below the user's home, whose name only the shell knows. */
export interface InHome {
  inHome: string;
  /** It is to be made: where the name is taken, another one like it is meant. */
  isNew?: true;
}

export interface Command {
  program: Program;
  /** All words but the program's, the workspace's and the place's, not quoted. */
  words: readonly Word[];
  /** The workspace that a command of `ws` is about. Whoever does not know it leaves it out: the edge puts it in. */
  workspace?: string | undefined;
  /** Where it leads, if that is not the place where it is suggested. */
  place?: Partial<Place>;
  /** What it keeps of the line that was typed, where it is that command with something changed in it. */
  again?: Again;
  /** It makes a workspace that is not there yet: whatever it says, nothing that runs is restarted by it. */
  isNew?: boolean;
  /** The file that gets what the command prints. */
  into?: string;
  /** What a person should know about it. It is never copied with the command. */
  note?: string;
}

/**
 * A suggestion of the verb that was typed is the typed line with the suggestion's flags and words put in. This says
 * what is otherwise.
 */
export interface Again {
  /**
   * `typed`: it is whatever verb was typed, if that has these flags. `other`: it is a command of its own. `whole`: all
   * its words are there, the place and the workspace as well, or they are not meant.
   */
  verb?: 'typed' | 'other' | 'whole';
  /** Names of typed flags that have to go; `--` for what stands behind the dashes. */
  without?: readonly string[];
  /** The typed word or value that gives way, where there are several; each way in which it may have been written. */
  instead?: readonly string[];
}

/** A sentence. It holds no command, which would be copied without its place. */
export interface Advice {
  text: string;
  /** The flag and its value that it names: they belong into the line that was typed, where one was. */
  corrects?: { words: readonly [flag: string, value: string]; instead: string };
}

export type Suggestion = Command | Advice;

export function advice(text: string): Advice {
  return { text };
}

/** Another value for a flag than the typed one, whichever command has it. */
export function correction(flag: string, value: string, instead: string): Advice {
  return { text: `${flag} ${value}`, corrects: { words: [flag, value], instead } };
}

type Spelling = (parts: TemplateStringsArray, ...holes: (string | number)[]) => Command;

/**
 * A tag that makes a command of a program: spaces end words, and what is put in never does. `~/` is the home where it
 * is written out.
 */
export function run(program: Program): Spelling {
  return (parts, ...holes) => ({ program, words: toWords(parts, holes) });
}

export const ws = run('ws');
export const kubectl = run('kubectl');
export const helm = run('helm');

/** What was typed, whatever it was, with this in it. If nothing is known of that, the command itself. */
export function again(command: Command, how: Omit<Again, 'verb'> = {}): Command {
  return { ...command, again: { ...how, verb: 'typed' } };
}

/** The same suggestion, about this workspace unless it names one already. */
export function aboutWorkspace<Kind extends Suggestion>(suggestion: Kind, workspace: string | undefined): Kind {
  if (!('program' in suggestion) || suggestion.program !== 'ws' || workspace === undefined) return suggestion;
  return suggestion.workspace === undefined ? { ...suggestion, workspace } : suggestion;
}

/** A suggestion that another `ws` sent as JSON; undefined for anything else. */
export function findSuggestion(value: unknown): Suggestion | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { text, program, words, ...more } = value as Record<string, unknown>;
  if (typeof text === 'string') return advice(text);
  const known = PROGRAMS.find((one) => one === program);
  if (known === undefined || !Array.isArray(words) || !words.every(isWord)) return undefined;
  return {
    program: known,
    words,
    ...toTexts(more, ['workspace', 'into', 'note']),
    ...toPlace(more['place']),
    ...toAgain(more['again']),
    ...(more['isNew'] === true ? { isNew: true } : {}),
  };
}

function toAgain(value: unknown): { again?: Again } {
  if (typeof value !== 'object' || value === null) return {};
  const { verb, without, instead } = value as Record<string, unknown>;
  return {
    again: {
      ...(verb === 'typed' || verb === 'other' || verb === 'whole' ? { verb } : {}),
      ...(isTexts(without) ? { without } : {}),
      ...(isTexts(instead) ? { instead } : {}),
    },
  };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function toPlace(value: unknown): { place?: Partial<Place> } {
  if (typeof value !== 'object' || value === null) return {};
  return { place: toTexts(value as Record<string, unknown>, ['context', 'namespace', 'kubeconfig']) };
}

function toTexts<Name extends string>(record: Record<string, unknown>, names: Name[]): { [name in Name]?: string } {
  const texts = names.flatMap((name) => (typeof record[name] === 'string' ? [[name, record[name]]] : []));
  return Object.fromEntries(texts) as { [name in Name]?: string };
}

function isWord(value: unknown): value is Word {
  return typeof value === 'string' || typeof (value as Partial<InHome> | null)?.inHome === 'string';
}

/** A flag and its value; nothing without one. */
export function toFlag(flag: string, value: string | undefined): string[] {
  return value === undefined ? [] : [flag, value];
}

function toWords(parts: TemplateStringsArray, holes: (string | number)[]): Word[] {
  const words: Word[] = [];
  /** The word so far, and whether the template spells all of it. */
  let word: string | undefined;
  let isWritten = true;
  const end = () => {
    if (word !== undefined) words.push(isWritten && word.startsWith('~/') ? { inHome: word.slice(2) } : word);
    word = undefined;
    isWritten = true;
  };
  for (const [index, part] of parts.entries()) {
    for (const [at, piece] of part.split(' ').entries()) {
      if (at > 0) end();
      if (piece !== '') word = (word ?? '') + piece;
    }
    if (index === holes.length) break;
    word = (word ?? '') + String(holes[index]);
    isWritten = false;
  }
  end();
  return words;
}
