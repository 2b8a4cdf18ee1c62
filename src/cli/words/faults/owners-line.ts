import type { Command } from '../../../workspace/errors/suggestion.ts';
import type { Judged, Owner } from '../judged.ts';
import { type Token, toTokens } from '../tokens.ts';
import { leaveOut, TypedLine } from '../typed-line.ts';
import { findFlagFault } from './flag-faults.ts';
import { findRelationFault } from './relation-faults.ts';
import { findSenselessPair } from './senseless-pairs.ts';

/**
 * The typed line as one of another command, which has the flag; undefined where nothing comes of it that works. Words
 * that it takes none of go, as of `ws status dev --usage` for `ws ls`. So does a yes: it was said to another question.
 */
export function toOwnersLine(owner: Owner, { line, grammar, environment, listOwners }: Judged): Command | undefined {
  const { args, strict, flags } = owner;
  // `dev` is no claim, and no setting.
  if (args[0] !== undefined && args[0].name !== grammar.args[0]?.name) return undefined;
  const positions = toTokens(line.words, flags).filter((token) => token.kind === 'position');
  if (positions.length < args.filter(({ required }) => required === true).length) return undefined;
  const extra = strict ? positions.slice(args.length).map(({ at }) => ({ at, words: [] })) : [];
  const agreed = toTokens(line.words, grammar.flags).filter(isYes);
  const own = new TypedLine(owner.id, line.words).with(...extra, ...agreed.map((token) => leaveOut(token, line.words)));
  const words = own.words.slice(owner.id.split(':').length).map(String);
  const tokens = toTokens(words, flags);
  const judged: Judged = { line: new TypedLine(owner.id, words), tokens, grammar: owner, environment, listOwners };
  const isWrong =
    tokens.some(({ kind }) => kind === 'unknown') ||
    (findFlagFault(judged) ?? findRelationFault(judged) ?? findSenselessPair(judged)) !== undefined;
  return isWrong ? undefined : own;
}

function isYes(token: Token): token is Extract<Token, { kind: 'switch' }> {
  return token.kind === 'switch' && token.flag.name === 'yes';
}
