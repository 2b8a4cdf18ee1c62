/**
 * A variable holds for many commands, and a flag for this one: where the flag excludes what a variable says, the
 * variable gives way.
 */
import type { Interfaces } from '@oclif/core';
import type { Judged } from '../words/judged.ts';
import { readSwitch } from '../words/switch-words.ts';
import { type KnownFlag, toTokens } from '../words/tokens.ts';

/** Flags of which one leaves the other nothing to say, though both may be typed in other cases. */
const BESIDES: readonly { flag: string; value?: string; other: string; otherValue?: string }[] = [
  { flag: 'home', other: 'size' },
  { flag: 'size', other: 'home' },
  { flag: 'storage-class', value: 'none', other: 'size' },
  { flag: 'size', other: 'storage-class', otherValue: 'none' },
];

/** The environment without the variables that give way to a typed flag. */
export function giveWay(
  words: readonly string[],
  { grammar: { flags }, environment }: Pick<Judged, 'grammar' | 'environment'>,
): NodeJS.ProcessEnv {
  const typed = toTokens(words, flags).flatMap((token) =>
    token.kind === 'switch' || token.kind === 'option' ? [{ flag: token.flag, value: token.value }] : [],
  );
  const isTyped = (name: string) => typed.some(({ flag }) => flag.name === name);
  const yields = (other: KnownFlag) =>
    other.env !== undefined &&
    !isTyped(other.name) &&
    typed.some(({ flag, value }) => excludes(flag, value, other, environment[other.env ?? '']));
  const gone = new Set(flags.filter(yields).map(({ env }) => env));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !gone.has(name)));
}

/** The flags as the parser is to take them. It reads the environment itself, and would take `on` for no. */
export function settleFlags(flags: Interfaces.FlagInput = {}, environment: NodeJS.ProcessEnv): Interfaces.FlagInput {
  return Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, settleFlag(flag, environment)]));
}

function settleFlag(flag: Interfaces.FlagInput[string], environment: NodeJS.ProcessEnv): Interfaces.FlagInput[string] {
  const { env = '' } = flag;
  const said = process.env[env] || undefined;
  if (said === undefined) return flag;
  if (said !== environment[env]) return { ...flag, env: undefined };
  return flag.type === 'boolean' ? { ...flag, env: undefined, default: readSwitch(said) } : flag;
}

function excludes(flag: KnownFlag, value: string | undefined, other: KnownFlag, said: string | undefined): boolean {
  if (flag.exclusive?.includes(other.name) || other.exclusive?.includes(flag.name)) return true;
  return BESIDES.some(
    (pair) =>
      pair.flag === flag.name &&
      pair.other === other.name &&
      (pair.value === undefined || pair.value === value) &&
      (pair.otherValue === undefined || pair.otherValue === said),
  );
}
