import { toPrintable } from '../workspace/errors/printable.ts';
import { maskSecrets } from '../workspace/errors/secrets.ts';
import type { Spell } from '../workspace/errors/spell.ts';
import type { Suggestion } from '../workspace/errors/suggestion.ts';
import { wrap } from './wrap.ts';

/**
 * A suggestion as printable lines: the command alone and unbroken, so that it can be copied, and its note below. A note
 * and an advice fit the width where one is given.
 */
export function toHints(suggestion: Suggestion | undefined, spell: Spell, width?: number): string[] {
  if (suggestion === undefined) return [];
  const { line, note } = spell(suggestion);
  // A secret that is broken in two would no longer be known as one.
  const masked = note === undefined ? [] : [maskSecrets(note)];
  const notes = width ? masked.flatMap((text) => wrap(text, width - 2)) : masked;
  const lines = width && !('program' in suggestion) ? wrap(maskSecrets(line), width) : [line];
  return [...lines, ...notes.map((text) => `  ${text}`)].map((text) => toPrintable(maskSecrets(text)));
}
