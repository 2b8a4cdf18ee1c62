/**
 * Judges typed words by what a command takes, and says in our words what is wrong with them, each time with the line as
 * it would be right. oclif would refuse the same words, but in its own; a property test holds that both agree.
 */
import { enumerate } from '../../workspace/errors/enumerate.ts';
import { failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { toQuoted } from '../../workspace/errors/printable.ts';
import { findFlagFault } from './faults/flag-faults.ts';
import { findRelationFault } from './faults/relation-faults.ts';
import { findSenselessPair } from './faults/senseless-pairs.ts';
import { findTimeOfWords } from './faults/time-of-words.ts';
import { findUnknownFlags } from './faults/unknown-flags.ts';
import { chooseNearest } from './faults/wrong-choice.ts';
import type { Judged, KnownArgument } from './judged.ts';
import { toTokens } from './tokens.ts';
import { helpOf, missingArguments } from './usage.ts';

/** Commands whose last argument may be several words to a person: a key's comment. Without quotes it is too many. */
const TAKES_TEXT = ['keys:rm'];

/** `words` are those of the line that are this command's own, each in its place. Throws a usage error. */
export function verifyWords(words: readonly string[], judged: Omit<Judged, 'tokens'>): void {
  const all = { ...judged, tokens: toTokens(words, judged.grammar.flags) };
  const fault =
    findUnknownFlags(all) ??
    findFlagFault(all) ??
    findTimeOfWords(all) ??
    findArgumentFault(all) ??
    findRelationFault(all) ??
    findSenselessPair(all);
  if (fault !== undefined) throw fault;
}

function findArgumentFault(judged: Judged): WorkspaceError | undefined {
  const { line, tokens, grammar } = judged;
  const positions = tokens.filter((token) => token.kind === 'position');
  const extra = grammar.strict ? positions.slice(grammar.args.length) : [];
  if (extra.length > 0) {
    const given = positions.map(({ word }) => word || "''");
    const quoted = TAKES_TEXT.includes(line.id) ? [line.withOneWord(positions.map(({ at }) => at))] : [];
    return failure('BAD_VALUE', {
      message: `${line.name} takes ${countArguments(grammar.args)}`,
      reason: `it was given ${given.length === 1 ? '' : `${given.length}: `}${given.join(', ')}`,
      suggestions: [...quoted, line.with(...extra.map(({ at }) => ({ at, words: [] }))), helpOf(line.id)],
    });
  }
  for (const [index, { name, options }] of grammar.args.entries()) {
    const token = positions[index];
    if (token === undefined || options === undefined || options.includes(token.word)) continue;
    return failure('BAD_VALUE', {
      message: `${name.toUpperCase()} cannot be ${toQuoted(token.word)}`,
      reason: `it is ${enumerate(options, 'or')}`,
      suggestions: [...chooseNearest(token.word, options, (word) => line.with({ at: token.at, words: [word] }))],
    });
  }
  const missing = grammar.args.slice(positions.length).filter(({ required }) => required);
  return missing.length === 0 ? undefined : missingArguments(missing, line.id);
}

function countArguments(args: readonly KnownArgument[]): string {
  const [first] = args;
  if (first === undefined) return 'no argument';
  const names = enumerate(
    args.map(({ name }) => name.toUpperCase()),
    'and',
  );
  return args.length === 1 ? `one argument, ${names}` : `${args.length} arguments, ${names}`;
}
