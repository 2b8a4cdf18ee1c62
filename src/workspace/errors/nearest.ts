/** The one measure of "did you mean": for commands, flags, values, workspaces, contexts, classes and settings alike. */

/** No word is near to another one in which more than this was mistyped. */
const MOST_MISTAKES = 3;

/**
 * The candidate that a word was probably meant to be, or undefined. A letter that is wrong, missing, too much or
 * exchanged with its neighbour is one mistake; a third of the letters may be wrong. Capitals, dashes and underscores
 * make no difference. The beginning of exactly one candidate means that one. Of several that are equally near it is the
 * one that begins alike, then the first.
 */
export function findNearest(word: string, candidates: Iterable<string>): string | undefined {
  const typed = fold(word);
  if (typed === '') return undefined;
  const others = [...candidates].map((candidate) => ({ candidate, text: fold(candidate) }));
  const ranked = others
    .map(({ candidate, text }) => ({ candidate, text, mistakes: count(typed, text), isAlike: text[0] === typed[0] }))
    .filter(({ mistakes, text }) => mistakes <= allow(typed, text))
    .toSorted((a, b) => a.mistakes - b.mistakes || Number(b.isAlike) - Number(a.isAlike));
  if (ranked[0] !== undefined) return ranked[0].candidate;
  const begun = others.filter(({ text }) => text.startsWith(typed));
  return begun.length === 1 ? begun[0]?.candidate : undefined;
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll(/[-_]/g, '');
}

/** A word of two letters with a wrong one is another word, unless it has the same two: `pu` is `up`. */
function allow(typed: string, text: string): number {
  const length = Math.max(typed.length, text.length);
  if (length <= 2) return typed === [...text].toReversed().join('') ? 1 : 0;
  return Math.min(MOST_MISTAKES, Math.max(1, Math.floor(length / 3)));
}

/** The mistakes between two words, as far as they matter: Damerau and Levenshtein's distance, row by row. */
function count(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > MOST_MISTAKES) return MOST_MISTAKES + 1;
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at += 1) {
    const row = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const same = one[at - 1] === other[to - 1] ? 0 : 1;
      const isSwapped = one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1];
      row.push(
        Math.min(
          (last[to] ?? 0) + 1,
          (row[to - 1] ?? 0) + 1,
          (last[to - 1] ?? 0) + same,
          isSwapped ? (before[to - 2] ?? 0) + 1 : MOST_MISTAKES + 1 + at,
        ),
      );
    }
    [before, last] = [last, row];
  }
  return last[other.length] ?? 0;
}
