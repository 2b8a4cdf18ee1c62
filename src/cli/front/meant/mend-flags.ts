import type { WorkspaceError } from '../../../workspace/errors/errors.ts';
import type { KnownCommand } from '../../words/catalogue.ts';
import { findFlagFault } from '../../words/faults/flag-faults.ts';
import { findUnknownFlags } from '../../words/faults/unknown-flags.ts';
import { toTokens } from '../../words/tokens.ts';
import { TypedLine } from '../../words/typed-line.ts';

/** A line that is proposed is judged again as a typed one is, so often. */
const ROUNDS = 3;

/**
 * The words behind a command with their flags mended, those that mean something else here included (`logs -n 5`);
 * undefined if one resembles no flag, or stands for another command.
 */
export function mendFlags(command: KnownCommand, words: readonly string[]): readonly string[] | undefined {
  let mended = words;
  for (let round = 0; round < ROUNDS; round += 1) {
    const tokens = toTokens(mended, command.flags);
    const line = new TypedLine(command.id, mended);
    const judged = { line, tokens, grammar: command, environment: {}, listOwners: () => [] };
    const unknown = findUnknownFlags(judged);
    const fault = unknown ?? findFlagFault(judged);
    if (fault === undefined) return mended;
    const next = readProposed(fault, command);
    // What is still to be said, the command itself asks for.
    if (next === undefined) return unknown === undefined ? mended : undefined;
    mended = next;
  }
  return mended;
}

/** The words of the first line that an error proposes for the same command. */
function readProposed({ suggestions: [first] }: WorkspaceError, command: KnownCommand): readonly string[] | undefined {
  if (first === undefined || !('program' in first) || first.words.at(-1) === '--help') return undefined;
  const verb = command.id.split(':');
  // Such as `ws ls` for `ws stop --all`: without its verb that line would mean something else.
  if (verb.some((word, at) => first.words[at] !== word)) return undefined;
  return first.words.slice(verb.length).map(String);
}
