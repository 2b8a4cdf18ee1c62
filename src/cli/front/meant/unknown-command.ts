import { failure, WorkspaceError } from '../../../workspace/errors/errors.ts';
import { findNearest } from '../../../workspace/errors/nearest.ts';
import type { Suggestion } from '../../../workspace/errors/suggestion.ts';
import { helpOf } from '../../command/flags.ts';
import type { Catalogue, Reading } from '../../words/catalogue.ts';
import { toTokens } from '../../words/tokens.ts';
import { asTyped } from '../../words/typed-line.ts';
import { mendFlags } from './mend-flags.ts';
import { listNeighbours } from './neighbours.ts';
import { toOurs } from './to-ours.ts';

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

/** Verbs of a topic that change nothing, or nothing that is lost. */
const ASKED_FOR = ['ls', 'get', 'set'];

type Read = (words: readonly string[], catalogue: Catalogue) => Reading;

/** The error for a name that is no command, with the line that was probably meant. */
export function unknownCommand(unknown: Unknown, catalogue: Catalogue, read: Read): WorkspaceError {
  const { path } = unknown;
  const meant = findMeant(unknown, catalogue, read);
  return failure('BAD_VALUE', {
    message: `There is no command "ws ${path.join(' ')}"`,
    suggestions: meant.length > 0 ? meant : [helpOf(path.slice(0, -1).join(':'))],
  });
}

function findMeant({ path, moved, behind }: Unknown, catalogue: Catalogue, read: Read): Suggestion[] {
  const before = path.slice(0, -1);
  const typed = path.at(-1) ?? '';
  const next = catalogue.listNext(before);
  // The program's own name, twice.
  if (before.length === 0 && typed === 'ws') return mend([...moved, ...behind], catalogue, read);
  const neighbours = listNeighbours(before, next);
  const exact = neighbours.get(typed.toLowerCase());
  if (exact !== undefined) return toOurs(typed.toLowerCase(), exact, [...moved, ...behind], catalogue);
  const near = findNearest(typed, next);
  if (near !== undefined) return mend([...before, near, ...moved, ...behind], catalogue, read);
  const word = typed.length < LONG ? undefined : findNearest(typed, neighbours.keys());
  const meaning = neighbours.get(word ?? '');
  if (word !== undefined && meaning !== undefined) return toOurs(word, meaning, [...moved, ...behind], catalogue);
  return before.length === 0 ? [] : findLeftOut(before, [typed, ...moved, ...behind], catalogue);
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
      const command = catalogue.find(reading.id.split(':'));
      const mended = command === undefined ? undefined : mendFlags(command, reading.words);
      return [mended === undefined ? helpOf(reading.id) : asTyped([...reading.id.split(':'), ...mended])];
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
