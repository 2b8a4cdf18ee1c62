/**
 * Judges typed words by what a command takes, and says in our words what is wrong with them, each time with the line as
 * it would be right. oclif would refuse the same words, but in its own; a property test holds that both agree.
 */
import { enumerate } from '../../workspace/errors/enumerate.ts';
import { failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { toQuoted } from '../../workspace/errors/printable.ts';
import { helpOf, missingArguments } from '../command/flags.ts';
import { findFlagFault } from './flag-faults.ts';
import type { Judged, KnownArgument } from './judged.ts';
import { findRelationFault } from './relation-faults.ts';
import { findSenselessPair } from './senseless-pairs.ts';
import { toTokens } from './tokens.ts';
import { findUnknownFlags } from './unknown-flags.ts';
import { chooseNearest } from './wrong-choice.ts';

/** Commands whose last argument may be several words to a person: a key's comment. Without quotes it is too many. */
const TAKES_TEXT = ['keys:rm'];

/** `words` are those of the line that are this command's own, each in its place. Throws a usage error. */
export function verifyWords(words: readonly string[], judged: Omit<Judged, 'tokens'>): void {
  const all = { ...judged, tokens: toTokens(words, judged.grammar.flags) };
  const fault =
    findUnknownFlags(all) ??
    findFlagFault(all) ??
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
    const given = positions.map(({ word }) => word);
    const [first] = positions;
    const [text] = TAKES_TEXT.includes(line.id) ? [given.join(' ')] : [];
    const quoted =
      text === undefined || first === undefined
        ? []
        : [line.with({ at: first.at, words: [text] }, ...positions.slice(1).map(({ at }) => ({ at, words: [] })))];
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
