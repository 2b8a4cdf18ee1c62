import { failure, WorkspaceError } from '../workspace/errors.ts';
import { toShellWord } from '../workspace/shell-words.ts';

/** Flags that say where to work, as the user gave them. */
export interface PlaceFlags {
  context?: string | undefined;
  namespace?: string | undefined;
  kubeconfig?: string | undefined;
  /** Of `ws up`: without its name, another workspace would be made. */
  workspace?: string | undefined;
}

/** Topics that are about this machine, not about a place. */
const PLACELESS = /^(?:ws (?:config |use |completion|--)|kubectl config )/;

/**
 * A command to copy, with the flags that led here: without them it would be about another place. What the environment says
 * holds for the next command, too, and is not repeated.
 */
export function withPlace(command: string, flags: PlaceFlags, environment: NodeJS.ProcessEnv): string {
  const named = flags.workspace === undefined ? command : command.replace(/^ws up (?=--)/, `ws up ${flags.workspace} `);
  const match = /^((?:ws|kubectl) .*?)( -- .*|   .*)?$/.exec(named);
  const [, words, rest = ''] = match ?? [];
  if (words === undefined || PLACELESS.test(`${words} `)) return named;
  // kubectl reads no variable of ours.
  const { WS_CONTEXT, WS_NAMESPACE } = words.startsWith('ws ') ? environment : {};
  const given: [string, string | undefined][] = [
    ['context', flags.context === WS_CONTEXT ? undefined : flags.context],
    ['namespace', flags.namespace === WS_NAMESPACE ? undefined : flags.namespace],
    ['kubeconfig', flags.kubeconfig],
  ];
  const added = given.filter(([name, value]) => value !== undefined && !words.includes(` --${name}`));
  return words + added.map(([name, value]) => ` --${name} ${toShellWord(value ?? '')}`).join('') + rest;
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
