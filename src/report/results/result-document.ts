import type { Spell } from '../../workspace/errors/spell.ts';
import type { Suggestion } from '../../workspace/errors/suggestion.ts';

/**
 * The version of all that `ws` writes as JSON: results, errors, progress lines. It changes when a reader of the old
 * form would break.
 */
export const JSON_VERSION = 1;

/** What `--json` prints of a command's result: one object, with its version first; a list stands in `items`. */
export function toResultDocument(result: unknown, spell: Spell): object {
  const spelled = spellAll(result, spell);
  return Array.isArray(spelled) ? { v: JSON_VERSION, items: spelled } : { v: JSON_VERSION, ...(spelled as object) };
}

/** Members that hold a suggestion. */
const SUGGESTING = new Set(['suggestion', 'resume']);

/** Suggestions as lines, and once more with commands and sentences apart. */
export function toSuggested(suggestions: readonly Suggestion[], spell: Spell) {
  return {
    suggestions: suggestions.map((suggestion) => spell(suggestion).line),
    suggested: suggestions.map((suggestion) => {
      const { line, ...more } = spell(suggestion);
      return 'text' in suggestion && suggestion.text === line ? { text: line } : { command: line, ...more };
    }),
  };
}

/** The same document with every suggestion spelled as a line, and beside it its note and what to replace in it. */
export function spellAll(value: unknown, spell: Spell): unknown {
  if (Array.isArray(value)) return value.map((item) => spellAll(item, spell));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (name === 'suggestions' && Array.isArray(member)) return Object.entries(toSuggested(member, spell));
      if (!SUGGESTING.has(name) || member === undefined) return [[name, spellAll(member, spell)]];
      const { line, ...more } = spell(member as Suggestion);
      return [[name, line], ...Object.entries(more)];
    }),
  );
}
