/** From a suggestion to the line that a person or a program can run, in the place where it was made. */
import type { Place } from '../place.ts';
import { toShellWord } from './shell-words.ts';
import { type Command, type Program, type Suggestion, toFlag, type Word } from './suggestion.ts';

export interface Spelled {
  /** A command line, or a sentence. */
  line: string;
  /** What a person should know about the command. */
  note?: string;
}

/** Spells suggestions where they are shown: it knows the place. */
export type Spell = (suggestion: Suggestion) => Spelled;

export interface Situation {
  place: Partial<Place>;
  /** What the environment says, and will say again for the next command. */
  inherited?: Partial<Place>;
  /** All words of the line that was typed with these flags in it; undefined where they have no place. */
  amend?: ((words: readonly Word[]) => readonly Word[] | undefined) | undefined;
  /** The workspace in question. Where there are several, `ws` refuses a command without a name. */
  workspace?: string | undefined;
}

/** Commands about one workspace, which is their first word. A test holds them against the manifest. */
export const NAMED_FIRST = [
  ...['down', 'forward', 'keys add', 'keys ls', 'keys rm'],
  ...['logs', 'proxy', 'ssh', 'status', 'up'],
];

/** Commands and topics of `ws` that are about this machine. */
const MACHINE_VERBS = ['completion', 'config', 'help', 'use', 'version'];

/** What kubectl shows of a whole cluster. */
const CLUSTER_WIDE =
  /^(?:cluster-info|api-resources|auth whoami|get --raw|(?:get|describe|delete) (?:namespaces?|nodes))\b/;

const CONTEXT_FLAGS: Partial<Record<Program, string>> = {
  ws: '--context',
  kubectl: '--context',
  helm: '--kube-context',
};

/** Makes a line of a suggestion. Nothing else does. */
export function spell(suggestion: Suggestion, situation: Situation): Spelled {
  const amended = situation.amend?.(listAmends(suggestion));
  if ('text' in suggestion) return { line: amended === undefined ? suggestion.text : toTypedLine(amended) };
  const { note } = suggestion;
  const line = amended === undefined ? spellWords(suggestion, situation).join(' ') : toTypedLine(amended);
  return note === undefined ? { line } : { line, note };
}

/** Flags that belong into the line that was typed; a command's own stand behind its name. */
function listAmends(suggestion: Suggestion): readonly Word[] {
  if (suggestion.amends === undefined) return [];
  if ('text' in suggestion) return suggestion.amends;
  const start = suggestion.words.findIndex((word) => typeof word === 'string' && word.startsWith('-'));
  return start < 0 ? [] : suggestion.words.slice(start);
}

/** What was typed has its place already. */
function toTypedLine(words: readonly Word[]): string {
  return ['ws', ...words.map(toQuoted)].join(' ');
}

/** The words of the line, each quoted for a shell. */
export function spellWords(command: Command, situation: Situation): string[] {
  const { program, words, into } = command;
  // What is to be done, and where, stands before how: nobody overlooks it then.
  const how = words.findIndex((word) => typeof word === 'string' && word.startsWith('-'));
  const what = how < 0 ? words : words.slice(0, how);
  const where = [...nameWorkspace(command, what, situation.workspace), ...toPlaceWords(command, situation)];
  const placed = [...where, ...words.slice(what.length)];
  return [program, ...placed.map(toQuoted), ...(into === undefined ? [] : ['>', toShellWord(into)])];
}

function toQuoted(word: Word): string {
  return typeof word === 'string' ? toShellWord(word) : `~/${toShellWord(word.inHome)}`;
}

/** What is to be done, with the workspace's name where the command takes one. */
function nameWorkspace(command: Command, what: readonly Word[], otherwise: string | undefined): readonly Word[] {
  const name = command.workspace ?? otherwise;
  if (command.program !== 'ws' || name === undefined || asksForHelp(command)) return what;
  const length = NAMED_FIRST.includes(what.slice(0, 2).join(' ')) ? 2 : 1;
  const verb = what.slice(0, length).join(' ');
  return NAMED_FIRST.includes(verb) ? [...what.slice(0, length), name, ...what.slice(length)] : what;
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
