import { failure, WorkspaceError } from '../../../workspace/errors/errors.ts';
import { findNearest } from '../../../workspace/errors/nearest.ts';
import type { Suggestion } from '../../../workspace/errors/suggestion.ts';
import { isNewName } from '../../../workspace/naming/address.ts';
import type { Catalogue, Reading } from '../../words/catalogue.ts';
import { toTokens } from '../../words/tokens.ts';
import { asTyped } from '../../words/typed-line.ts';
import { helpOf } from '../../words/usage.ts';
import { explainMeaning, listNeighbours, type Meaning, readPast, SHORT_TOPICS } from './neighbours.ts';
import { fit, toOurs } from './to-ours.ts';

export interface Unknown {
  /** The words of the unknown name. */
  path: readonly string[];
  /** Flags that stood before it or among it. */
  moved: readonly string[];
  /** What stands behind it. */
  behind: readonly string[];
}

/** A shorter word resembles too many words of other tools. */
const LONG = 5;

/** Of a word that is cut off, so much must be there: what is shorter may well be a workspace. */
const CUT = 4;

/** Verbs of a topic that change nothing, or nothing that is lost. */
const ASKED_FOR = ['ls', 'get', 'set'];

type Read = (words: readonly string[], catalogue: Catalogue) => Reading;

interface Meant {
  suggestions: Suggestion[];
  /** What is otherwise here than where the word comes from. */
  reason?: string;
}

/** The error for a name that is no command, with the line that was probably meant. */
export function unknownCommand(unknown: Unknown, catalogue: Catalogue, read: Read): WorkspaceError {
  const { path, moved, behind } = unknown;
  const before = path.slice(0, -1);
  const listNext = (of: readonly string[]) => catalogue.listNext(of);
  const past = readPast(path.at(-1) ?? '', { path: before, next: behind[0], listNext });
  // Whoever typed a needless word wants to hear what is wrong behind it.
  if (past !== undefined) return passOver([...before, ...past, ...moved, ...behind], unknown, catalogue, read);
  return tellUnknown(path, findMeant(unknown, catalogue, read));
}

/** The error of the line without the word, or the line itself where it is right. */
function passOver(words: readonly string[], { path }: Unknown, catalogue: Catalogue, read: Read): WorkspaceError {
  try {
    read(words, catalogue);
  } catch (error) {
    if (error instanceof WorkspaceError) return error;
    throw error;
  }
  return tellUnknown(path, { suggestions: mend(words, catalogue, read) });
}

function tellUnknown(path: readonly string[], { suggestions, ...why }: Meant): WorkspaceError {
  return failure('BAD_VALUE', {
    message: `There is no command "ws ${path.join(' ')}"`,
    ...why,
    suggestions: suggestions.length > 0 ? suggestions : [helpOf(path.slice(0, -1).join(':'))],
  });
}

function findMeant({ path, moved, behind }: Unknown, catalogue: Catalogue, read: Read): Meant {
  const before = path.slice(0, -1);
  const typed = path.at(-1) ?? '';
  const rest = [...moved, ...behind];
  const next = catalogue.listNext(before);
  const neighbours = listNeighbours(before, next);
  const exact = neighbours.get(typed.toLowerCase());
  if (exact !== undefined) return asNeighbour(typed.toLowerCase(), exact, rest, catalogue);
  const topic = before.length === 0 ? SHORT_TOPICS.get(typed.toLowerCase()) : undefined;
  const near = topic ?? findNearest(typed, next);
  if (near !== undefined) return { suggestions: mend([...before, near, ...rest], catalogue, read) };
  const word = typed.length < LONG ? findLonger(typed, neighbours) : findNearest(typed, neighbours.keys());
  const meaning = neighbours.get(word ?? '');
  if (word !== undefined && meaning !== undefined) return asNeighbour(word, meaning, rest, catalogue);
  if (before.length > 0) return { suggestions: findLeftOut(before, [typed, ...rest], catalogue) };
  return { suggestions: isNewName(typed) ? toNamed(typed, { moved, behind }, catalogue, read) : [] };
}

/** A word that begins like this one, where all that do mean the same: `conn`, `insp`. */
function findLonger(typed: string, neighbours: Map<string, Meaning>): string | undefined {
  if (typed.length < CUT) return undefined;
  const [first, ...others] = [...neighbours.keys()].filter((word) => word.startsWith(typed.toLowerCase()));
  const isOne = others.every((word) => neighbours.get(word) === neighbours.get(first ?? ''));
  return isOne ? first : undefined;
}

/** For another tool's word. */
function asNeighbour(word: string, meaning: Meaning, typed: readonly string[], catalogue: Catalogue): Meant {
  const suggestions = toOurs(word, meaning, typed, catalogue);
  const reason = explainMeaning(meaning);
  return { suggestions, ...(reason === undefined ? {} : { reason }) };
}

/** The lines for the name of a workspace that stands where the command should: `ws dev`, `ws dev make`, `ws dev up`. */
function toNamed(
  name: string,
  { moved, behind }: Pick<Unknown, 'moved' | 'behind'>,
  catalogue: Catalogue,
  read: Read,
): Suggestion[] {
  const [verb = '', ...more] = behind;
  const lines = catalogue.listNext([]).includes(verb)
    ? mend([verb, name, ...moved, ...more], catalogue, read)
    : toOurs(name, { kind: 'remote', isNamed: true }, [name, ...moved, ...behind], catalogue);
  const note = `if ${name} is a workspace`;
  return [
    ...lines.map((line) => ('program' in line && !line.words.includes('--help') ? { ...line, note } : line)),
    helpOf(),
  ];
}

/** What a topic was probably asked for when its verb is left out: `ws keys dev`, `ws config size 20Gi`. */
function findLeftOut(topic: readonly string[], words: readonly string[], catalogue: Catalogue): Suggestion[] {
  const fitting = ASKED_FOR.flatMap((verb) => catalogue.find([...topic, verb]) ?? []).find((command) => {
    const tokens = toTokens(words, command.flags);
    const positions = tokens.filter(({ kind }) => kind === 'position');
    return positions.length === command.args.length && tokens.every(({ kind }) => kind !== 'unknown');
  });
  return fitting === undefined ? [] : [asTyped([...fitting.id.split(':'), ...words]), helpOf(topic.join(':'))];
}

/** The suggestion for a line in which one word is right now. The others may be wrong as well. */
function mend(words: readonly string[], catalogue: Catalogue, read: Read): Suggestion[] {
  try {
    const reading = read(words, catalogue);
    if (reading.kind === 'command') {
      return [fit(reading.id.replaceAll(':', ' '), reading.words, [], catalogue).line];
    }
    if (!catalogue.isTopic(reading.of)) return [helpOf(reading.of.join(':'))];
    const hasList = catalogue.find([...reading.of, 'ls']) !== undefined;
    const isHelp = words.length > reading.of.length;
    return [hasList && !isHelp ? asTyped([...reading.of, 'ls']) : helpOf(reading.of.join(':'))];
  } catch (error) {
    if (error instanceof WorkspaceError) return [...error.suggestions];
    throw error;
  }
}
