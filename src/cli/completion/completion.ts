/** Finds what can stand at the cursor from the words before it. Shells ask for it; `scripts.ts` has what they run. */
import { ERROR_CODES } from '../../workspace/errors/errors.ts';
import type { Place } from '../../workspace/place.ts';
import { type Candidate, findArgumentValues, findFlagValues, type Source, type Values } from './sources.ts';

export interface CompletableFlag {
  name: string;
  char: string | undefined;
  /** False for a switch. */
  takesValue: boolean;
  about: string;
  options: readonly string[];
  /** `--no-NAME` exists too. */
  allowNo: boolean;
  /** It may be given again. */
  multiple: boolean;
}

export interface CompletableCommand {
  /** `['keys', 'add']` */
  words: string[];
  about: string;
  /** Its arguments, in order. */
  args: { name: string; options: readonly string[] }[];
  /** The last argument may be given again and again. */
  isOpen: boolean;
  flags: CompletableFlag[];
}

/** What can stand there, before anybody was asked. */
export interface Completion {
  /** Those that are known, already chosen by what was typed. */
  words: Candidate[];
  /** What else can stand there, by name. */
  sources: Source[];
  /** Stands before each word that a source lists, as `--context=` does. */
  prefix: string;
  files: { ending?: string } | undefined;
  /** Where the line says to look, and for which workspace. */
  place: Place;
  workspace: string | undefined;
  /** What stands there already, of that which may be said again and again. */
  taken: readonly string[];
}

type Context = Pick<Completion, 'place' | 'workspace' | 'taken'>;

/** `words` are those after the program's name, up to the one that is being typed, which is included and may be ''. */
export function completeWords(words: string[], commands: CompletableCommand[]): Completion {
  // A script of an old version passes what bash took apart at the sign.
  const typed = words.filter((word, index) => word !== '=' || index === 0);
  const current = words.at(-1) === '=' ? '' : (typed.pop() ?? '');
  const command = findCommand(typed, commands);
  if (command === undefined) return toCompletion({ words: listNextWords(typed, commands) }, current);
  const said = readWords(typed, command);
  const context = toContext(said, command);
  const taken = ({ name }: CompletableFlag) => said.flagValues.get(name) ?? [];
  if (said.isAfterDashes) return toCompletion({ files: {} }, current, context);
  const { valueOf } = said;
  if (valueOf !== undefined) return toCompletion(toFlagValues(valueOf), current, { ...context, taken: taken(valueOf) });
  const joined = /^--([^=]+)=/.exec(current);
  if (joined !== null) {
    const flag = command.flags.find(({ name }) => name === joined[1]);
    if (flag?.takesValue !== true) return toCompletion({}, current, context, joined[0]);
    return toCompletion(toFlagValues(flag), current, { ...context, taken: taken(flag) }, joined[0]);
  }
  if (current.startsWith('-')) return toCompletion({ words: listFlags(command, said.given) }, current, context);
  if (takesCommand(command, said)) return toCompletion({ files: {} }, current, context);
  if (command.words[0] === 'help')
    return toCompletion({ words: listSubjects(said.positions, commands, current) }, current, context);
  const isNamed = said.flagValues.has('workspace');
  const all = listArguments(command, said.positions.length, isNamed).map(({ name, options }) => ({
    words: options.map(toCandidate),
    ...findArgumentValues(command.words.join(' '), name, said.positions),
  }));
  return all.map((values) => toCompletion(values, current, context)).reduce(both, toCompletion({}, current, context));
}

function both(one: Completion, other: Completion): Completion {
  return {
    ...one,
    words: [...one.words, ...other.words],
    sources: [...one.sources, ...other.sources],
    files: one.files ?? other.files,
  };
}

function toCompletion(
  { source, words = [], files }: Values,
  current: string,
  context: Context = { place: NOWHERE, workspace: undefined, taken: [] },
  prefix = '',
): Completion {
  const open = words.filter(({ word }) => !context.taken.includes(word));
  const candidates = open.map(({ word, about }) => ({ word: prefix + word, about }));
  const sources = source === undefined ? [] : [source];
  return { words: choose(candidates, current), sources, prefix, files, ...context };
}

const NOWHERE: Place = { context: undefined, namespace: undefined, kubeconfig: undefined };

/** The candidates that begin with the typed text. */
export function choose(candidates: Candidate[], current: string): Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(current));
}

function toCandidate(word: string): Candidate {
  return { word, about: '' };
}

function toFlagValues({ name, options }: CompletableFlag): Values {
  return { words: options.map(toCandidate), ...findFlagValues(name) };
}

/** The arguments that may stand at a position: the workspace may be left out, and then the next one is the first. */
function listArguments({ args, isOpen }: CompletableCommand, position: number, isNamedByFlag: boolean) {
  const takesWorkspace = args[0]?.name === 'workspace';
  const listed = takesWorkspace && isNamedByFlag ? args.slice(1) : args;
  if (takesWorkspace && !isNamedByFlag && position === 0) return listed.slice(0, 2);
  const here = listed.slice(position, position + 1);
  const last = listed.at(-1);
  return here.length === 0 && isOpen && last !== undefined && last.name !== 'workspace' ? [last] : here;
}

function findCommand(typed: string[], commands: CompletableCommand[]): CompletableCommand | undefined {
  const found = commands.filter(({ words }) => words.every((word, index) => typed[index] === word));
  return found.toSorted((a, b) => b.words.length - a.words.length)[0];
}

/** First words of commands, or second ones after a topic. */
function listNextWords(typed: string[], commands: CompletableCommand[]): Candidate[] {
  const next = new Map<string, string>();
  for (const { words, about } of commands) {
    const word = words[typed.length];
    if (word === undefined || !typed.every((before, index) => before === words[index])) continue;
    const isTopic = words.length > typed.length + 1;
    if (!next.has(word)) next.set(word, isTopic ? `${word} …` : about);
  }
  return [...next].map(([word, about]) => ({ word, about }));
}

/** The subjects of help. Error codes are among them only after a first letter: there are many. */
function listSubjects(positions: string[], commands: CompletableCommand[], current: string): Candidate[] {
  const codes = positions.length === 0 && current !== '' ? ERROR_CODES : [];
  return [...listNextWords(positions, commands), ...codes.map(toCandidate)];
}

/** Flags that are given already are not offered again. */
function listFlags({ flags }: CompletableCommand, given: ReadonlySet<string>): Candidate[] {
  const open = flags.filter(({ name, multiple }) => multiple || !given.has(name));
  const shown = open.flatMap(({ name, about, allowNo }) => [
    { word: `--${name}`, about },
    ...(allowNo ? [{ word: `--no-${name}`, about }] : []),
  ]);
  return given.has('help') ? shown : [...shown, { word: '--help', about: 'show how it is used' }];
}

interface Said {
  positions: string[];
  /** The values of each flag, in order. */
  flagValues: Map<string, string[]>;
  /** The names of all flags, those without a value as well. */
  given: Set<string>;
  /** A flag that still needs its value. */
  valueOf: CompletableFlag | undefined;
  isAfterDashes: boolean;
}

/** Reads the words before the cursor. */
function readWords(typed: string[], command: CompletableCommand): Said {
  const said: Said = {
    positions: [],
    flagValues: new Map(),
    given: new Set(),
    valueOf: undefined,
    isAfterDashes: false,
  };
  for (const word of typed.slice(command.words.length)) {
    if (said.valueOf !== undefined) {
      addValue(said, said.valueOf, word);
      said.valueOf = undefined;
    } else if (word === '--') {
      return { ...said, isAfterDashes: true };
    } else if (/^-./.test(word)) {
      readFlag(word, command, said);
    } else if (takesCommand(command, said)) {
      return { ...said, isAfterDashes: true };
    } else {
      said.positions.push(word);
    }
  }
  return said;
}

/** As with ssh, the remote command begins with the first word behind the workspace. */
function takesCommand({ words }: CompletableCommand, { positions, flagValues }: Said): boolean {
  return words[0] === 'ssh' && (positions.length > 0 || flagValues.has('workspace'));
}

function readFlag(word: string, { flags }: CompletableCommand, said: Said): void {
  const [name = '', value] = word.split(/=(.*)/s);
  if (name === '--help') said.given.add('help');
  const flag = flags.find(
    (known) =>
      name === `--${known.name}` || name === `-${known.char}` || (known.allowNo && name === `--no-${known.name}`),
  );
  if (flag === undefined) return;
  said.given.add(flag.name);
  if (flag.takesValue && value === undefined) said.valueOf = flag;
  else if (value !== undefined) addValue(said, flag, value);
}

function addValue({ flagValues }: Said, { name }: CompletableFlag, value: string): void {
  flagValues.set(name, [...(flagValues.get(name) ?? []), value]);
}

/** Where to look, as the line says, and what it has of its last argument. */
function toContext({ flagValues, positions }: Said, { args, words, isOpen }: CompletableCommand): Context {
  const valueOf = (name: string) => flagValues.get(name)?.at(-1);
  const place = { context: valueOf('context'), namespace: valueOf('namespace'), kubeconfig: valueOf('kubeconfig') };
  const named = valueOf('workspace');
  const isFirst = args[0]?.name === 'workspace' && named === undefined;
  // A forward has a colon or is a port, and is no workspace.
  const isForward = words[0] === 'forward' && !/^[a-z]/i.test(positions[0] ?? '');
  const first = isFirst && !isForward ? positions[0] : undefined;
  const taken = isOpen ? positions.slice(first === undefined ? 0 : 1) : [];
  return { place, workspace: named ?? first, taken };
}
