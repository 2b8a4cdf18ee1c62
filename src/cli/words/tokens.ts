/** What typed words are to a command, read as oclif reads them, with the place of each in the line. */

/** A flag as oclif and its manifest describe it. */
export interface KnownFlag {
  name: string;
  type: 'option' | 'boolean';
  char?: string | undefined;
  aliases?: readonly string[] | undefined;
  charAliases?: readonly string[] | undefined;
  allowNo?: boolean | undefined;
  multiple?: boolean | undefined;
  options?: readonly string[] | undefined;
  env?: string | undefined;
  exclusive?: readonly unknown[] | undefined;
  dependsOn?: readonly unknown[] | undefined;
  helpValue?: unknown;
}

export type Token = { at: number } & (
  | { kind: 'switch'; flag: KnownFlag; typed: string; isNegated: boolean; value: string | undefined }
  /** `until` is the place of the last word that belongs to it. A word that looks like a flag is no value. */
  | { kind: 'option'; flag: KnownFlag; typed: string; value: string | undefined; until: number }
  | { kind: 'unknown'; typed: string }
  | { kind: 'position'; word: string }
  /** The first `--`. What follows is a position each. */
  | { kind: 'dashes' }
);

export function toTokens(words: readonly string[], flags: readonly KnownFlag[]): Token[] {
  const tokens: Token[] = [];
  const dashes = words.indexOf('--');
  const before = dashes < 0 ? words : words.slice(0, dashes);
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] ?? '';
    if (!word.startsWith('-') || word === '-' || (/^-\d/.test(word) && findFlag(word, flags) === undefined)) {
      tokens.push({ kind: 'position', at, word });
      continue;
    }
    const found = word.startsWith('--') ? [readLong(word, at, before, flags)] : readShort(word, at, before, flags);
    tokens.push(...found);
    const last = found.at(-1);
    if (last?.kind === 'option') at = last.until;
  }
  if (dashes < 0) return tokens;
  const behind = words
    .slice(dashes + 1)
    .map((word, index): Token => ({ kind: 'position', at: dashes + 1 + index, word }));
  return [...tokens, { kind: 'dashes', at: dashes }, ...behind];
}

/** The flag that a word names, `--no-` included. */
export function findFlag(word: string, flags: readonly KnownFlag[]): KnownFlag | undefined {
  if (!word.startsWith('--')) {
    const char = word.startsWith('-') ? word[1] : undefined;
    if (char === undefined) return undefined;
    return flags.find((flag) => flag.charAliases?.includes(char)) ?? flags.find((flag) => flag.char === char);
  }
  const name = word.slice(2);
  const isCalled = (flag: KnownFlag, by: string) => flag.name === by || flag.aliases?.includes(by) === true;
  const found = flags.find((flag) => isCalled(flag, name));
  if (found !== undefined || !name.startsWith('no-')) return found;
  return flags.find((flag) => flag.allowNo === true && isCalled(flag, name.slice('no-'.length)));
}

function readLong(word: string, at: number, words: readonly string[], flags: readonly KnownFlag[]): Token {
  const sign = findFlag(word, flags) === undefined ? word.indexOf('=') : -1;
  const typed = sign < 0 ? word : word.slice(0, sign);
  const joined = sign < 0 ? undefined : word.slice(sign + 1);
  const flag = findFlag(typed, flags);
  if (flag === undefined) return { kind: 'unknown', at, typed };
  if (flag.type === 'option') return readOption(flag, typed, joined, at, words, flags);
  const isNegated = typed.startsWith('--no-') && flag.name !== typed.slice(2);
  return { kind: 'switch', at, flag, typed, isNegated, value: joined };
}

/**
 * Switches of one letter may stand in one word, and an option with its value at their end. Nobody means namespace
 * `amespace` by `-namespace`.
 */
function readShort(word: string, at: number, words: readonly string[], flags: readonly KnownFlag[]): Token[] {
  const flag = findFlag(word, flags);
  const typed = word.slice(0, 2);
  const [name = ''] = word.slice(1).split('=');
  if (name.length > 1 && flags.some((one) => one.name === name)) return [{ kind: 'unknown', at, typed: `-${name}` }];
  if (flag === undefined) return [{ kind: 'unknown', at, typed: word }];
  const rest = word.slice(2);
  if (flag.type === 'option') {
    const joined = rest === '' ? undefined : rest.replace(/^=/, '');
    return [readOption(flag, typed, joined, at, words, flags)];
  }
  const value = rest.startsWith('=') ? rest.slice(1) : undefined;
  const token: Token = { kind: 'switch', at, flag, typed, isNegated: false, value };
  return rest === '' || value !== undefined ? [token] : [token, ...readShort(`-${rest}`, at, words, flags)];
}

function readOption(
  flag: KnownFlag,
  typed: string,
  joined: string | undefined,
  at: number,
  words: readonly string[],
  flags: readonly KnownFlag[],
): Token {
  const value = joined ?? words[at + 1];
  const isFlag = value?.startsWith('--') === true && (joined === undefined || value.slice(2) in {});
  const isValue = value !== undefined && !isFlag && findFlag(value, flags) === undefined;
  const until = joined === undefined && isValue ? at + 1 : at;
  return { kind: 'option', at, flag, typed, value: isValue ? value : undefined, until };
}
