import type { KnownCommand } from '../../words/catalogue.ts';
import { findUnknownFlags } from '../../words/faults/unknown-flags.ts';
import { toTokens } from '../../words/tokens.ts';
import { TypedLine } from '../../words/typed-line.ts';

/**
 * The words behind a command with their mistyped flags mended; undefined if one resembles no flag, or stands for
 * another command.
 */
export function mendFlags(command: KnownCommand, words: readonly string[]): readonly string[] | undefined {
  const tokens = toTokens(words, command.flags);
  const line = new TypedLine(command.id, words);
  const fault = findUnknownFlags({ line, tokens, grammar: command, environment: {}, listOwners: () => [] });
  if (fault === undefined) return words;
  const [first] = fault.suggestions;
  if (first === undefined || !('program' in first) || first.words.at(-1) === '--help') return undefined;
  const verb = command.id.split(':');
  // Such as `ws ls` for `ws stop --all`: without its verb that line would mean something else.
  if (verb.some((word, at) => first.words[at] !== word)) return undefined;
  return first.words.slice(verb.length).map(String);
}
