import { type KnownFlag, toTokens } from './tokens.ts';

/**
 * `ws keep 2h dev`, as people say it, with the name first, as every reader of the line expects it: a time begins with
 * a digit, and a name never. Nobody knows whether the word behind an unknown flag is its value: nothing moves then.
 */
export function putNameFirst(words: readonly string[], flags: readonly KnownFlag[]): string[] {
  const tokens = toTokens(words, flags);
  const [time, name] = tokens.filter((token) => token.kind === 'position');
  const isUnclear = tokens.some(({ kind }) => kind === 'unknown');
  if (isUnclear || time === undefined || name === undefined) return [...words];
  if (!/^\d/.test(time.word) || !/^[a-z]/i.test(name.word)) return [...words];
  return words.with(time.at, name.word).with(name.at, time.word);
}
