import { failure, WorkspaceError } from '../../workspace/errors/errors.ts';
import { readShellWords, toShellWord } from '../../workspace/errors/shell-words.ts';
import type { Place } from '../../workspace/place.ts';

/** Flags that say where to work, as the user gave them. */
export interface PlaceFlags extends Partial<Place> {
  /** The workspace that the command was about: where there are several, a command without its name leads nowhere, or makes one. */
  workspace?: string | undefined;
}

/** Commands whose first word may be a workspace, and those that name it by a flag. A test compares them with the manifest. */
export const NAMED_FIRST = ['down', 'keys ls', 'logs', 'proxy', 'ssh', 'status', 'up'];
export const NAMED_BY_FLAG = ['forward', 'keys add', 'keys rm'];

/** What is about this machine, not about a place. */
const PLACELESS = /^(?:ws (?:config|use|completion|-.*)|kubectl config)(?: |$)|^ws .*--help$/;

/** How each program that is suggested is told where to work. */
const PLACE_FLAGS: Record<string, Record<'context' | 'namespace' | 'kubeconfig', string>> = {
  ws: { context: '--context', namespace: '--namespace', kubeconfig: '--kubeconfig' },
  kubectl: { context: '--context', namespace: '--namespace', kubeconfig: '--kubeconfig' },
  helm: { context: '--kube-context', namespace: '--namespace', kubeconfig: '--kubeconfig' },
};

interface Command {
  /** What a shell reads of it, up to `--` or what is said of it. */
  words: { word: string; at: number }[];
  spelled: string;
  rest: string;
}

/**
 * A command to copy, with the flags that led here: without them it would be about another place. What the environment says
 * holds for the next command, too, and is not repeated. A sentence stays as it is.
 */
export function withPlace(suggestion: string, flags: PlaceFlags, environment: NodeJS.ProcessEnv): string {
  const command = readCommand(suggestion);
  const program = command?.words[0]?.word ?? '';
  const names = Object.hasOwn(PLACE_FLAGS, program) ? PLACE_FLAGS[program] : undefined;
  if (command === undefined || names === undefined || PLACELESS.test(command.spelled)) return suggestion;
  const { WS_CONTEXT, WS_NAMESPACE } = program === 'ws' ? environment : {};
  const given = [
    [names.context, flags.context === WS_CONTEXT ? undefined : flags.context],
    [names.namespace, flags.namespace === WS_NAMESPACE ? undefined : flags.namespace],
    [names.kubeconfig, flags.kubeconfig],
  ] as const;
  const said = new Set(command.words.map(({ word }) => (word === '-n' ? '--namespace' : word.split('=')[0])));
  const added = given.flatMap(([name, value]) => (value === undefined || said.has(name) ? [] : [name, value]));
  const named = program === 'ws' ? withWorkspace(command, flags.workspace) : command.spelled;
  if (added.length === 0) return named + command.rest;
  // What kubectl is to do, and where, stands before how: nobody overlooks it then.
  const how = program === 'ws' ? undefined : command.words.find(({ word }) => word.startsWith('-'));
  const before = how === undefined ? named : named.slice(0, how.at).trimEnd();
  return [before, ...added.map(toShellWord)].join(' ') + named.slice(before.length) + command.rest;
}

/** The command that a suggestion begins with; undefined for a sentence. */
function readCommand(suggestion: string): Command | undefined {
  // Within quotes neither ends a command: then what is before it is not complete.
  const ends = [...suggestion.matchAll(/ -- | {3}\(/g)].map(({ index }) => index);
  for (const end of [...ends, suggestion.length]) {
    const words = readShellWords(suggestion.slice(0, end));
    if (words !== undefined) return { words, spelled: suggestion.slice(0, end), rest: suggestion.slice(end) };
  }
  return undefined;
}

/** With the workspace's name, where the command takes one and has none. */
function withWorkspace({ words, spelled }: Command, workspace: string | undefined): string {
  if (workspace === undefined) return spelled;
  const [, verb = '', second = ''] = words.map(({ word }) => word);
  const isTwo = [...NAMED_FIRST, ...NAMED_BY_FLAG].includes(`${verb} ${second}`);
  const name = isTwo ? `${verb} ${second}` : verb;
  const next = words[isTwo ? 3 : 2];
  if (NAMED_FIRST.includes(name) && (next === undefined || next.word.startsWith('-'))) {
    const before = next === undefined ? spelled : spelled.slice(0, next.at).trimEnd();
    return `${before} ${toShellWord(workspace)}${spelled.slice(before.length)}`;
  }
  if (NAMED_BY_FLAG.includes(name) && !words.some(({ word }) => /^(?:-w|--workspace)(?:=|$)/.test(word)))
    return `${spelled} --workspace ${toShellWord(workspace)}`;
  return spelled;
}

/** The error with its suggestions so completed. */
export function withPlaceInError(error: Error, flags: PlaceFlags, environment: NodeJS.ProcessEnv): Error {
  if (!(error instanceof WorkspaceError)) return error;
  const { code, message, reason, suggestions, cause, stack } = error;
  const completed = failure(code, {
    message,
    ...(reason === undefined ? {} : { reason }),
    suggestions: suggestions.map((command) => withPlace(command, flags, environment)),
    cause,
  });
  if (stack !== undefined) completed.stack = stack;
  return completed;
}
