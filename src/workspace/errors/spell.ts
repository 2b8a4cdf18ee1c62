/** From a suggestion to the line that a person or a program can run, in the place where it was made. */
import type { Place } from '../place.ts';
import { toShellWord } from './shell-words.ts';
import { type Command, type Program, type Suggestion, toFlag, type Word } from './suggestion.ts';

export interface Spelled {
  /** A command line, or a sentence. */
  line: string;
  /** What is to be known of the command. */
  note?: string;
}

/** Spells suggestions where they are shown: it knows the place. */
export type Spell = (suggestion: Suggestion) => Spelled;

export interface Situation {
  place: Partial<Place>;
  /** What `ws` finds in its environment, and will find there again. */
  inherited?: Partial<Place>;
  /** The workspace that all this is about: where there are several, a command without a name is refused. */
  workspace?: string | undefined;
}

/** Commands that take a workspace as their first word, and those that take it by a flag. A test holds both against the manifest. */
export const NAMED_FIRST = ['down', 'keys ls', 'logs', 'proxy', 'ssh', 'status', 'up'];
export const NAMED_BY_FLAG = ['forward', 'keys add', 'keys rm'];

/** Commands and topics of `ws` that are about this machine. */
const MACHINE_VERBS = ['completion', 'config', 'use'];

/** What kubectl shows of a whole cluster. */
const CLUSTER_WIDE =
  /^(?:cluster-info|api-resources|auth whoami|get --raw|(?:get|describe|delete) (?:namespaces?|nodes))\b/;

const CONTEXT_FLAGS: Partial<Record<Program, string>> = {
  ws: '--context',
  kubectl: '--context',
  helm: '--kube-context',
};

/** The one function that makes a line of a suggestion. */
export function spell(suggestion: Suggestion, situation: Situation): Spelled {
  if ('text' in suggestion) return { line: suggestion.text };
  const { note } = suggestion;
  const line = spellWords(suggestion, situation).join(' ');
  return note === undefined ? { line } : { line, note };
}

/** The words of that line, each quoted for a shell. */
export function spellWords(command: Command, situation: Situation): string[] {
  const { program, words, into } = command;
  const named = program === 'ws' ? nameWorkspace(command, situation.workspace) : words;
  const placed = insertPlace(program, named, toPlaceWords(program, named, situation));
  return [program, ...placed.map(toQuoted), ...(into === undefined ? [] : ['>', toShellWord(into)])];
}

function toQuoted(word: Word): string {
  return typeof word === 'string' ? toShellWord(word) : `~/${toShellWord(word.inHome)}`;
}

function nameWorkspace({ words, workspace }: Command, otherwise: string | undefined): readonly Word[] {
  const name = workspace ?? otherwise;
  const length = [...NAMED_FIRST, ...NAMED_BY_FLAG].includes(words.slice(0, 2).join(' ')) ? 2 : 1;
  const command = words.slice(0, length).join(' ');
  if (name === undefined || asksForHelp(words)) return words;
  if (NAMED_FIRST.includes(command)) return [...words.slice(0, length), name, ...words.slice(length)];
  return NAMED_BY_FLAG.includes(command) ? insertFlags(words, toFlag('--workspace', name)) : words;
}

function toPlaceWords(program: Program, words: readonly Word[], { place, inherited }: Situation): string[] {
  const contextFlag = CONTEXT_FLAGS[program];
  if (contextFlag === undefined || isPlaceless(program, words)) return [];
  const { context, namespace, kubeconfig } = place;
  const known = program === 'ws' ? inherited : undefined;
  const isConfig = program === 'kubectl' && words[0] === 'config';
  const isClusterWide =
    words.includes('--all-namespaces') || (program === 'kubectl' && CLUSTER_WIDE.test(words.join(' ')));
  return [
    [contextFlag, isConfig || context === known?.context ? undefined : context],
    ['--namespace', isConfig || isClusterWide || namespace === known?.namespace ? undefined : namespace],
    ['--kubeconfig', kubeconfig],
  ].flatMap(([flag = '', value]) => (value === undefined || isSaid(flag, words) ? [] : toFlag(flag, value)));
}

function isPlaceless(program: Program, words: readonly Word[]): boolean {
  const [verb] = words;
  if (program !== 'ws') return program === 'helm' && verb === 'version';
  return asksForHelp(words) || MACHINE_VERBS.some((one) => one === verb);
}

function asksForHelp(words: readonly Word[]): boolean {
  return beforeDashes(words).includes('--help');
}

function isSaid(flag: string, words: readonly Word[]): boolean {
  return beforeDashes(words).some((word) => word === flag || startsWith(word, `${flag}=`));
}

function beforeDashes(words: readonly Word[]): readonly Word[] {
  const at = words.indexOf('--');
  return at < 0 ? words : words.slice(0, at);
}

function startsWith(word: Word, start: string): boolean {
  return typeof word === 'string' && word.startsWith(start);
}

/** What kubectl and helm are to do, and where, stands before how: nobody overlooks it then. */
function insertPlace(program: Program, words: readonly Word[], place: string[]): readonly Word[] {
  if (program === 'ws') return insertFlags(words, place);
  const how = words.findIndex((word) => startsWith(word, '-'));
  const at = how < 0 ? words.length : how;
  return [...words.slice(0, at), ...place, ...words.slice(at)];
}

/** Behind `--` stands what is not for `ws`. */
function insertFlags(words: readonly Word[], flags: string[]): readonly Word[] {
  const before = beforeDashes(words);
  return [...before, ...flags, ...words.slice(before.length)];
}
