/**
 * What to do next, as a value: a command, or a sentence. Nobody puts text together here; `spell` does that once, at the
 * very end, and knows the place by then. Two commands are two suggestions.
 */

import type { Place } from '../place.ts';

/** Programs that are suggested. */
const PROGRAMS = [
  ...(['ws', 'kubectl', 'helm', 'brew', 'export', 'ls', 'ss', 'unset'] as const),
  ...(['scp', 'ssh', 'ssh-add', 'ssh-agent', 'ssh-keygen'] as const),
];
export type Program = (typeof PROGRAMS)[number];

/** A word as the program is to get it, whatever it holds; or a path that a shell completes. */
export type Word = string | InHome;

/** A path below the user's home, whose name only the shell knows. */
export interface InHome {
  inHome: string;
}

export interface Command {
  program: Program;
  /** All words but the program's, the workspace's and the place's, not quoted. */
  words: readonly Word[];
  /** The workspace that a command of `ws` is about. Whoever does not know it leaves it out: the edge puts it in. */
  workspace?: string | undefined;
  /** Where it leads, as far as that is another place than the one where it is suggested. */
  place?: Partial<Place>;
  /** The file that gets what the command prints. */
  into?: string;
  /** What a person should know about it. It is never copied with the command. */
  note?: string;
  /** Its flags belong into the line that was typed, where one was: that line has further flags. */
  amends?: true;
}

/** A sentence. It holds no command, which would be copied without its place. */
export interface Advice {
  text: string;
  /** The flag and its value that it names: they belong into the line that was typed, where one was. */
  amends?: readonly [flag: string, value: string];
}

export type Suggestion = Command | Advice;

export function advice(text: string): Advice {
  return { text };
}

/** Another value for a flag, whichever command has it. */
export function correction(flag: string, value: string): Advice {
  return { text: `${flag} ${value}`, amends: [flag, value] };
}

/** The same command as a change of the line that was typed. */
export function amending(command: Command): Command {
  return { ...command, amends: true };
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

/** The same suggestion, about this workspace unless it names one already. */
export function aboutWorkspace<Kind extends Suggestion>(suggestion: Kind, workspace: string | undefined): Kind {
  if (!('program' in suggestion) || suggestion.program !== 'ws' || workspace === undefined) return suggestion;
  return suggestion.workspace === undefined ? { ...suggestion, workspace } : suggestion;
}

/** A suggestion that another `ws` sent as JSON; undefined for what is none. */
export function findSuggestion(value: unknown): Suggestion | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { text, program, words, ...more } = value as Record<string, unknown>;
  if (typeof text === 'string') return advice(text);
  const known = PROGRAMS.find((one) => one === program);
  if (known === undefined || !Array.isArray(words) || !words.every(isWord)) return undefined;
  return { program: known, words, ...toTexts(more, ['workspace', 'into', 'note']), ...toPlace(more['place']) };
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
