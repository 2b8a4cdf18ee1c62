import { toPrintable } from '../workspace/errors/printable.ts';
import { maskSecrets } from '../workspace/errors/secrets.ts';
import type { Spell } from '../workspace/errors/spell.ts';
import type { Suggestion } from '../workspace/errors/suggestion.ts';

/** A suggestion as printable lines: the command alone, so that it can be copied, and its note below. */
export function toHints(suggestion: Suggestion | undefined, spell: Spell): string[] {
  if (suggestion === undefined) return [];
  const { line, note } = spell(suggestion);
  return [line, ...(note === undefined ? [] : [`  ${note}`])].map((text) => toPrintable(maskSecrets(text)));
}
