/** Suggestions as tests compare them: as lines, where no place was given, and as a real shell reads them. */
import { execFileSync } from 'node:child_process';
import { type Spell, spell } from '../src/workspace/errors/spell.ts';
import type { Suggestion } from '../src/workspace/errors/suggestion.ts';

export const spellHere: Spell = (suggestion) => spell(suggestion, { place: {} });

/** The lines alone, without notes. */
export function toLines(suggestions: readonly Suggestion[]): string[] {
  return suggestions.map((suggestion) => spellHere(suggestion).line);
}

/** What a shell hands to the program of each line, its name first. */
export function readByShell(lines: string[], shell = 'bash'): string[][] {
  const script = lines.map((line) => `set -- ${line}; printf '%s\\0' "$#" "$@"`).join('\n');
  const printed = execFileSync(shell, [], { encoding: 'utf8', input: script, env: { HOME: '/home/me' } });
  const words = printed.split('\0').slice(0, -1);
  const found: string[][] = [];
  while (words.length > 0) found.push(words.splice(0, Number(words.shift())));
  return found;
}

/** Stands for a suggestion whose line is this, or is like this. */
export function saying(expected: string | RegExp): Suggestion {
  const matches = (line: string) => (typeof expected === 'string' ? line === expected : expected.test(line));
  return {
    $$typeof: Symbol.for('jest.asymmetricMatcher'),
    asymmetricMatch: (value: unknown) => isSuggestion(value) && matches(spellHere(value).line),
    toString: () => 'saying',
    toAsymmetricMatcher: () => `saying ${expected}`,
  } as unknown as Suggestion;
}

function isSuggestion(value: unknown): value is Suggestion {
  return typeof value === 'object' && value !== null && ('program' in value || 'text' in value);
}
