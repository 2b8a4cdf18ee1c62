import { failure } from '../../workspace/errors/errors.ts';
import { findNearest } from '../../workspace/errors/nearest.ts';
import { toQuoted } from '../../workspace/errors/printable.ts';
import { correction } from '../../workspace/errors/suggestion.ts';
import { DEFAULT_WAKE, findWakeRule, WAKE_RULES, type WakeRule } from '../../workspace/sleep/waking.ts';

/** `never`, `dev=always`: by the workspace's name, undefined for all others. Throws `BAD_VALUE`. */
export function parseWakeRules(texts: readonly string[] = []): Map<string | undefined, WakeRule> {
  return new Map(
    texts.map((text) => {
      const [word = '', name] = text.split('=').toReversed();
      const rule = findWakeRule(word);
      if (rule === undefined) throw wrongRule(text, word);
      return [name, rule];
    }),
  );
}

function wrongRule(text: string, word: string) {
  const meant = text.slice(0, text.length - word.length) + (findNearest(word, [...WAKE_RULES]) ?? DEFAULT_WAKE);
  return failure('BAD_VALUE', {
    message: `--wake ${toQuoted(text)} is no rule`,
    reason: `A rule is ${WAKE_RULES.join(', ')}, alone or behind WORKSPACE=`,
    suggestions: [correction('--wake', meant, text)],
  });
}
