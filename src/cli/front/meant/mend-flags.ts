import type { KnownCommand } from '../../words/catalogue.ts';
import { toTokens } from '../../words/tokens.ts';
import { TypedLine } from '../../words/typed-line.ts';
import { findUnknownFlags } from '../../words/unknown-flags.ts';

/** The words behind a command with their mistyped flags mended; undefined if one resembles no flag. */
export function mendFlags(command: KnownCommand, words: readonly string[]): readonly string[] | undefined {
  const tokens = toTokens(words, command.flags);
  const line = new TypedLine(command.id, words);
  const fault = findUnknownFlags({ line, tokens, grammar: command, environment: {}, listOwners: () => [] });
  if (fault === undefined) return words;
  const [first] = fault.suggestions;
  if (first === undefined || !('program' in first) || first.words.at(-1) === '--help') return undefined;
  return first.words.slice(command.id.split(':').length).map(String);
}
