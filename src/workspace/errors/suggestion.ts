/**
 * What to do next, as a value: a command or a sentence. `spell` turns it into text once, at the very end, when the place
 * is known. Two commands are two suggestions.
 */

import type { Place } from '../place.ts';

/** The programs that `ws` may suggest. */
const PROGRAMS = [
  ...(['ws', 'kubectl', 'helm', 'brew', 'export', 'ls', 'ss', 'unset'] as const),
  ...(['ssh', 'ssh-add', 'ssh-agent', 'ssh-keygen'] as const),
];
export type Program = (typeof PROGRAMS)[number];

/** A word that the program gets as it is, or a path that the shell completes. */
export type Word = string | InHome;

/** A path below the user's home. Only the shell knows where that is. */
export interface InHome {
  inHome: string;
}

export interface Command {
  program: Program;
  /** All words except the program, the workspace and the place. Not quoted. */
  words: readonly Word[];
  /** The workspace that a `ws` command is about. Code that does not know it leaves it out; `spell` adds it. */
  workspace?: string | undefined;
  /** The parts of the place that differ from where the user is. */
  place?: Partial<Place>;
  /** A file for the command's output. */
  into?: string;
  /** What the user should know about the command. Screens show it on its own line, so nobody copies it. */
  note?: string;
}

/** A sentence. It holds no command: the user would copy that without its place. */
export interface Advice {
  text: string;
}

export type Suggestion = Command | Advice;

export function advice(text: string): Advice {
  return { text };
}

type Spelling = (parts: TemplateStringsArray, ...holes: (string | number)[]) => Command;

/**
 * A template tag that makes a command. Spaces of the literal parts separate words; a value is always one word, or a part
 * of one. A literal `~/` means the home.
 */
export function run(program: Program): Spelling {
  return (parts, ...holes) => ({ program, words: toWords(parts, holes) });
}

export const ws = run('ws');
export const kubectl = run('kubectl');
export const helm = run('helm');

/** Names the workspace, unless the suggestion names one already. */
export function aboutWorkspace<Kind extends Suggestion>(suggestion: Kind, workspace: string | undefined): Kind {
  if (!('program' in suggestion) || suggestion.program !== 'ws' || workspace === undefined) return suggestion;
  return suggestion.workspace === undefined ? { ...suggestion, workspace } : suggestion;
}

/** Reads a suggestion that another `ws` sent as JSON. Undefined if it is none. */
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

/** A flag with its value; nothing if there is no value. */
export function toFlag(flag: string, value: string | undefined): string[] {
  return value === undefined ? [] : [flag, value];
}

function toWords(parts: TemplateStringsArray, holes: (string | number)[]): Word[] {
  const words: Word[] = [];
  /** The current word, and whether it has literal parts only. */
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
