/**
 * What `ws ssh` proposes where it refuses a line, it takes when that is typed in the same place. A flag that was typed
 * or a missing terminal may speak against the proposed line as well.
 */
import { amended, WorkspaceError } from '../../../workspace/errors/errors.ts';
import { listWords } from '../../../workspace/errors/spell.ts';
import type { Command, Suggestion } from '../../../workspace/errors/suggestion.ts';
import { type Here, toSituation } from '../../command/spelling.ts';
import type { SshRequest } from '../requests.ts';

/** A line of `ws ssh` that can be tried: nothing is asked, and nothing is done. */
interface Line extends Here {
  init(): Promise<void>;
  toRequest(): SshRequest;
}

type ToLine = (words: string[]) => Line;

/** So many times what is proposed in turn is tried. */
const MOST_TURNS = 4;

/** The error of a line, with what is proposed in turn for each of its lines that would be refused. */
export async function withAcceptedLines(error: Error, line: Line, toLine: ToLine): Promise<Error> {
  if (!(error instanceof WorkspaceError) || !error.suggestions.some(isLine)) return error;
  const known = new Set<string>();
  const suggestions: Suggestion[] = [];
  for (const one of error.suggestions)
    for (const { suggestion, key } of await listAccepted(one, line, toLine, MOST_TURNS)) {
      if (!known.has(key)) suggestions.push(suggestion);
      known.add(key);
    }
  return amended(error, { suggestions: suggestions.length === 0 ? [...error.suggestions] : suggestions });
}

interface Accepted {
  suggestion: Suggestion;
  /** The same for two lines that are one. */
  key: string;
}

async function listAccepted(suggestion: Suggestion, here: Line, toLine: ToLine, turns: number): Promise<Accepted[]> {
  if (!('program' in suggestion)) return [{ suggestion, key: suggestion.text }];
  const [verb, ...words] = listWords(suggestion, toSituation(here)).map(String);
  const key = [suggestion.program, verb, ...words].join('\n');
  if (!isLine(suggestion)) return [{ suggestion, key }];
  const line = toLine(words);
  const { request, refusal } = await tryLine(line);
  if (refusal === undefined) return [{ suggestion, key: toKey(request) }];
  if (turns === 0) return [];
  const turned = refusal.suggestions.filter(isCommand);
  const lists = turned.map(async (one) => {
    // What is to be known of the line that is refused is so of the one line that stands for it, too.
    const note = one.note ?? (turned.length === 1 ? suggestion.note : undefined);
    const words = listWords(one, toSituation(line));
    const whole = { program: 'ws', words, again: { verb: 'whole' }, ...(note === undefined ? {} : { note }) } as const;
    return listAccepted(whole, here, toLine, turns - 1);
  });
  return (await Promise.all(lists)).flat();
}

async function tryLine(line: Line): Promise<{ request?: SshRequest; refusal?: WorkspaceError }> {
  try {
    await line.init();
    return { request: line.toRequest() };
  } catch (error) {
    if (error instanceof WorkspaceError) return { refusal: error };
    throw error;
  }
}

/** What is asked for, and not how: `-d` is `--detach`, wherever it stands. */
function toKey(request: SshRequest | undefined): string {
  return JSON.stringify({ ...request, meant: undefined, behind: undefined });
}

/** A command of `ws` that does something: the help is no answer to a line that was proposed. */
function isCommand(suggestion: Suggestion): suggestion is Command {
  return 'program' in suggestion && suggestion.program === 'ws' && !suggestion.words.includes('--help');
}

function isLine(suggestion: Suggestion): suggestion is Command {
  return isCommand(suggestion) && suggestion.words[0] === 'ssh';
}
