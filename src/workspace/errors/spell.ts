/** From a suggestion to the line that a person or a program can run, in the place where it was made. */
import { askNoPassphrase } from '../keys/new-key.ts';
import type { Place } from '../place.ts';
import { countVerb, retype } from './retype.ts';
import { toShellWord } from './shell-words.ts';
import {
  type Advice,
  again,
  type Command,
  findPlaceholders,
  type Program,
  type Suggestion,
  toFlag,
  type Word,
} from './suggestion.ts';
import { listPartWords, type TypedCommand } from './typed-command.ts';

export interface Spelled {
  /** A command line, or a sentence. */
  line: string;
  /** What a person should know about the command. */
  note?: string;
  /** What has to be replaced in the line before it is run, as it stands there. Left out where nothing has to be. */
  placeholders?: string[];
}

/** Spells suggestions where they are shown: it knows the place. */
export type Spell = (suggestion: Suggestion) => Spelled;

export interface Situation {
  place: Partial<Place>;
  /** What the environment says, and will say again for the next command. */
  inherited?: Partial<Place>;
  /** The workspace in question. If there are several, `ws` refuses a command without a name. */
  workspace?: string | undefined;
  /** What was typed. A suggestion of the same verb is that line, mended. */
  typed?: TypedCommand | undefined;
  /** No person reads it at a terminal, so that nobody can be asked there. */
  isUnattended?: boolean;
  /** A path below the home like this one where nothing lies yet. */
  findFree?: (inHome: string) => string;
  /** What leads to the home where the line is read, if that is not `~`. */
  home?: string;
}

/** Commands about one workspace, which is their first word. A test holds them against the manifest. */
export const NAMED_FIRST = [
  ...['down', 'forward', 'keep', 'keys add', 'keys ls', 'keys rm'],
  ...['logs', 'proxy', 'ssh', 'status', 'stop', 'up'],
];

/** Make, change or end a workspace or what it has, as each says of itself: whoever typed one means no other. */
const CHANGING = ['down', 'homes rm', 'keep', 'keys add', 'keys rm', 'stop', 'up'];
/** oclif has colons for blanks. */
export const isChanging = (verb: string): boolean => CHANGING.includes(verb.replaceAll(':', ' '));

/** Commands without `--json` that are suggested. A test holds them against the manifest. */
export const WITHOUT_JSON = ['help', 'proxy', 'ssh'];

/** Flags that `--json` does not go with. */
const WITHOUT_DOCUMENT = ['--follow', '--help', '--raw', '--shell'];

/**
 * Flags beside which `--yes` of `ws up` says no more than that a new workspace gets the defaults. Beside others it may
 * agree to a restart, which nobody has agreed to.
 */
const BESIDE_YES = [
  ...[
    '--accept-host-key',
    '--context',
    '--create-namespace',
    '--debug',
    '--dry-run',
    '--home',
    '--identity',
    '--json',
    '--kubeconfig',
    '--local-port',
    '--namespace',
    '-n',
  ],
  ...['--no-shell', '--progress', '--storage-class', '--wait-timeout', '--workspace', '-w'],
];

/** Stand for a workspace that their reader is to name, and that is not there yet. */
const NEW_NAMES = ['NAME', 'OTHER-NAME'];

/** More of them beside `--home`, which a workspace that is there already does not take. */
const BESIDE_HOME = ['--gid', '--sub-path', '--uid', '--user'];

/** Nothing is asked beside them already. */
const SAYING_YES = ['--help', '--yes', '-y'];

/** Commands and topics of `ws` that are about this machine. */
const MACHINE_VERBS = ['completion', 'config', 'help', 'version'];

/** What kubectl shows of a whole cluster. */
const CLUSTER_WIDE =
  /^(?:cluster-info|api-resources|auth whoami|get --raw|(?:un)?cordon|(?:get|describe|delete) (?:namespaces?|nodes?|pv|storageclass(?:es)?|priorityclass(?:es)?|runtimeclass(?:es)?|validating\w+)|(?:get|auth can-i) .*--all-namespaces)\b/;

const CONTEXT_FLAGS: Partial<Record<Program, string>> = {
  ws: '--context',
  kubectl: '--context',
  helm: '--kube-context',
};

/** Makes a line of a suggestion. Nothing else does. */
export function spell(suggestion: Suggestion, situation: Situation): Spelled {
  if ('text' in suggestion) return { line: spellCorrection(suggestion, situation) ?? suggestion.text };
  const { note } = suggestion;
  const command = isScript(situation) ? askNoPassphrase(suggestion) : suggestion;
  const line = spellWords(command, situation).join(' ');
  const placeholders = listPlaceholders(command, situation);
  return {
    line,
    ...(note === undefined ? {} : { note }),
    ...(placeholders.length === 0 ? {} : { placeholders }),
  };
}

/** What somebody typed stands for itself, whatever it looks like. */
function listPlaceholders(command: Command, situation: Situation): string[] {
  const { parts = [], behind = [] } = situation.typed ?? {};
  const typed = new Set<Word>([...parts.flatMap(listPartWords), ...behind]);
  const own = listWords(command, situation).filter((word) => !typed.has(word));
  return [...new Set(own.flatMap(findPlaceholders))];
}

/** The typed line with another value of a flag; undefined where there is none, or the sentence corrects nothing. */
function spellCorrection({ corrects }: Advice, situation: Situation): string | undefined {
  if (corrects === undefined) return undefined;
  const command = { program: 'ws', words: ['up', ...corrects.words] } as const;
  const words = findRetyped(again(command, { instead: [corrects.instead] }), situation);
  return words === undefined ? undefined : ['ws', ...words.map((word) => toQuoted(word, situation))].join(' ');
}

/** The words of the line, each quoted for a shell. */
export function spellWords(command: Command, situation: Situation): string[] {
  const { program, into } = command;
  const end = into === undefined ? [] : ['>', toShellWord(into)];
  return [program, ...listWords(command, situation).map((word) => toQuoted(word, situation)), ...end];
}

/** The words behind the program's, as it gets them. */
export function listWords(command: Command, situation: Situation): readonly Word[] {
  const { words } = command;
  const retyped = command.again?.verb === 'whole' ? words : findRetyped(command, situation);
  if (retyped !== undefined) return askNothing(retyped, command, situation);
  // What is to be done, and where, stands before how: nobody overlooks it then.
  const how = words.findIndex((word) => typeof word === 'string' && word.startsWith('-'));
  const what = how < 0 ? words : words.slice(0, how);
  const where = [...nameWorkspace(command, what, situation.workspace), ...toPlaceWords(command, situation)];
  const placed = keepJson([...where, ...words.slice(what.length)], command, situation.typed);
  return askNothing(placed, command, situation);
}

/**
 * `ws up` makes nothing where nobody can be asked: the line says that the defaults are meant. No line agrees to a loss,
 * since a program may follow it unread.
 */
function askNothing(words: readonly Word[], command: Command, situation: Situation) {
  const { program, again } = command;
  // What `ws config-ssh` asks has one answer in each line of it. Others keep to the yes that was typed, or was not.
  const isOfSsh = words[0] === 'config-ssh' && !words.includes('--dry-run') && !words.includes('--remove');
  if (program !== 'ws' || (again?.verb === 'whole' && !isOfSsh)) return words;
  if (!isScript(situation) || (words[0] !== 'up' && !isOfSsh)) return words;
  const flags = words.map((word) => String(word).replace(/=.*/s, '')).filter((word) => word.startsWith('-'));
  if (flags.some((flag) => SAYING_YES.includes(flag))) return words;
  if (isOfSsh) return withYes(words);
  const harmless = flags.includes('--home') ? [...BESIDE_YES, ...BESIDE_HOME] : BESIDE_YES;
  if (!makesNew(command) && !flags.every((flag) => harmless.includes(flag))) return words;
  return withYes(words);
}

function withYes(words: readonly Word[]): Word[] {
  const json = words.indexOf('--json');
  return json < 0 ? [...words, '--yes'] : words.toSpliced(json, 0, '--yes');
}

/** Nobody can be asked anything there. */
function isScript({ typed, isUnattended }: Situation): boolean {
  return isUnattended === true || isJsonTyped(typed);
}

function makesNew({ isNew, workspace = '', words }: Command): boolean {
  // A namespace that is to be made holds no workspace.
  return isNew === true || NEW_NAMES.includes(workspace) || words.includes('--create-namespace');
}

function isJsonTyped(typed: TypedCommand | undefined): boolean {
  return typed?.parts.some((part) => part.kind === 'flag' && part.name === 'json') === true;
}

/** The typed line with the suggestion in it, where that is what is suggested. */
function findRetyped(command: Command, { typed, workspace }: Situation): Word[] | undefined {
  if (command.program !== 'ws' || typed === undefined || asksForHelp(command)) return undefined;
  return retype(command, {
    typed,
    workspace: command.workspace ?? workspace,
    takesWorkspace: NAMED_FIRST.includes(typed.verb),
  });
}

/** Whoever reads JSON gets lines that print it: `--json` of the typed line goes into all that take it. */
function keepJson(
  words: readonly Word[],
  { program, again }: Command,
  typed: TypedCommand | undefined,
): readonly Word[] {
  const [verb] = words;
  if (program !== 'ws' || !isJsonTyped(typed) || again?.verb === 'whole' || WITHOUT_JSON.some((one) => one === verb))
    return words;
  const dashes = words.indexOf('--');
  const end = dashes < 0 ? words.length : dashes;
  const own = words.slice(0, end);
  if (own.some((word) => word === '--json' || WITHOUT_DOCUMENT.some((flag) => flag === word))) return words;
  return [...own, '--json', ...words.slice(end)];
}

function toQuoted(word: Word, { findFree, home = '~' }: Situation): string {
  if (typeof word === 'string') return toShellWord(word);
  const { inHome, isNew } = word;
  const file = isNew === true && findFree !== undefined ? findFree(inHome) : inHome;
  return home === '~' ? `~/${toShellWord(file)}` : toShellWord(`${home.replace(/\/$/, '')}/${file}`);
}

/** What is to be done, with the workspace's name where the command takes one. */
function nameWorkspace(command: Command, what: readonly Word[], otherwise: string | undefined): readonly Word[] {
  const name = command.workspace ?? otherwise;
  if (command.program !== 'ws' || name === undefined || asksForHelp(command)) return what;
  const length = countVerb(what);
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
