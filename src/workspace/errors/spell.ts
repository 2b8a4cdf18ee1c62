/** Turns a suggestion into a line that a person or a program can run, for the user's place. */
import type { Place } from '../place.ts';
import { toShellWord } from './shell-words.ts';
import { type Command, type Program, type Suggestion, toFlag, type Word } from './suggestion.ts';

export interface Spelled {
  /** A command line, or a sentence. */
  line: string;
  /** What the user should know about the command. */
  note?: string;
}

/** `spell` with the situation filled in, for code that shows suggestions. */
export type Spell = (suggestion: Suggestion) => Spelled;

export interface Situation {
  place: Partial<Place>;
  /** The place that `ws` reads from its environment. The next `ws` will read it there too. */
  inherited?: Partial<Place>;
  /** The workspace of the current command. If there are several, `ws` refuses a command without a name. */
  workspace?: string | undefined;
}

/** Commands that take a workspace as their first word, and those that take it by a flag: as in the manifest. */
export const NAMED_FIRST = ['down', 'keys ls', 'logs', 'proxy', 'ssh', 'status', 'up'];
export const NAMED_BY_FLAG = ['forward', 'keys add', 'keys rm'];

/** Commands and topics of `ws` that are about this machine, not a place. */
const MACHINE_VERBS = ['completion', 'config', 'use'];

/** kubectl commands about the whole cluster. */
const CLUSTER_WIDE =
  /^(?:cluster-info|api-resources|auth whoami|get --raw|(?:get|describe|delete) (?:namespaces?|nodes))\b/;

const CONTEXT_FLAGS: Partial<Record<Program, string>> = {
  ws: '--context',
  kubectl: '--context',
  helm: '--kube-context',
};

/** The only function that turns a suggestion into text. */
export function spell(suggestion: Suggestion, situation: Situation): Spelled {
  if ('text' in suggestion) return { line: suggestion.text };
  const { note } = suggestion;
  const line = spellWords(suggestion, situation).join(' ');
  return note === undefined ? { line } : { line, note };
}

/** The words of that line, each quoted for a shell. */
export function spellWords(command: Command, situation: Situation): string[] {
  const { program, words, into } = command;
  // The place follows the verb and its object, before all flags: nobody overlooks it there.
  const how = words.findIndex((word) => typeof word === 'string' && word.startsWith('-'));
  const what = how < 0 ? words : words.slice(0, how);
  const where = [...nameWorkspace(command, what, situation.workspace), ...toPlaceWords(command, situation)];
  const placed = [...where, ...words.slice(what.length)];
  return [program, ...placed.map(toQuoted), ...(into === undefined ? [] : ['>', toShellWord(into)])];
}

function toQuoted(word: Word): string {
  return typeof word === 'string' ? toShellWord(word) : `~/${toShellWord(word.inHome)}`;
}

/** Adds the workspace's name, if the command takes one. */
function nameWorkspace(command: Command, what: readonly Word[], otherwise: string | undefined): readonly Word[] {
  const name = command.workspace ?? otherwise;
  if (command.program !== 'ws' || name === undefined || asksForHelp(command)) return what;
  const length = [...NAMED_FIRST, ...NAMED_BY_FLAG].includes(what.slice(0, 2).join(' ')) ? 2 : 1;
  const verb = what.slice(0, length).join(' ');
  if (NAMED_FIRST.includes(verb)) return [...what.slice(0, length), name, ...what.slice(length)];
  return NAMED_BY_FLAG.includes(verb) ? [...what, '--workspace', name] : what;
}

function toPlaceWords(command: Command, { place: given, inherited }: Situation): string[] {
  const { program, words, place = {} } = command;
  const contextFlag = CONTEXT_FLAGS[program];
  if (contextFlag === undefined || isPlaceless(command)) return [];
  const known = program === 'ws' ? inherited : undefined;
  const isConfig = program === 'kubectl' && words[0] === 'config';
  const isWide = words[1] === '--all-namespaces' || (program === 'kubectl' && CLUSTER_WIDE.test(words.join(' ')));
  const find = (name: keyof Place) => place[name] ?? (given[name] === known?.[name] ? undefined : given[name]);
  return [
    ...(isConfig ? [] : toFlag(contextFlag, find('context'))),
    ...(isConfig || isWide ? [] : toFlag('--namespace', find('namespace'))),
    ...toFlag('--kubeconfig', find('kubeconfig')),
  ];
}

function isPlaceless(command: Command): boolean {
  const [verb] = command.words;
  if (command.program !== 'ws') return command.program === 'helm' && verb === 'version';
  return asksForHelp(command) || MACHINE_VERBS.some((one) => one === verb);
}

function asksForHelp({ words }: Command): boolean {
  return words.at(-1) === '--help' && !words.includes('--');
}
