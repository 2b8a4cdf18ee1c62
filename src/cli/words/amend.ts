import { NAMED_FIRST } from '../../workspace/errors/spell.ts';
import type { Word } from '../../workspace/errors/suggestion.ts';
import { findFlag, type KnownFlag, type Token, toTokens } from './tokens.ts';
import type { TypedLine } from './typed-line.ts';

export interface Typed {
  line: TypedLine;
  /** How many words of the line are its command's own. */
  own: number;
  flags: readonly KnownFlag[];
  /** What the line is about, whether it says so or not. */
  workspace: string | undefined;
}

/**
 * The words of the line with these flags in it: in the place of what was typed of them, or behind all. It names its
 * workspace. Undefined where a flag has no place: the command does not have it, or it was typed more than once.
 */
export function amend({ line, own, flags, workspace }: Typed, changes: readonly Word[]): readonly Word[] | undefined {
  const tokens = toTokens(line.words.slice(0, own), flags);
  const replaced: { at: number; until: number; words: Word[] }[] = [];
  const added: Word[] = [];
  for (let index = 0; index < changes.length; index += 1) {
    const name = changes[index];
    const flag = typeof name === 'string' ? findFlag(name, flags) : undefined;
    if (name === undefined || flag === undefined) return undefined;
    const value = flag.type === 'option' ? changes[index + 1] : undefined;
    if (flag.type === 'option') index += 1;
    const found = tokens.filter((token) => isOf(token, flag));
    const [first] = found;
    if (found.length > 1) return undefined;
    if (first === undefined) added.push(...(value === undefined ? [name] : [name, value]));
    else replaced.push(replace(first, name, value, line.words));
  }
  // What belongs to another program stays behind them.
  const insertion = { at: own, until: own - 1, words: added };
  const changed = line.with(insertion, ...replaced).words;
  const verb = line.id.split(':');
  const isNamed = tokens.some((token) =>
    token.kind === 'position' ? token.word === workspace : 'flag' in token && token.flag.name === 'workspace',
  );
  const named = isNamed || workspace === undefined || !NAMED_FIRST.includes(verb.join(' ')) ? [] : [workspace];
  return changed.toSpliced(verb.length, 0, ...named);
}

function isOf(token: Token, { name }: KnownFlag): boolean {
  return (token.kind === 'switch' || token.kind === 'option') && token.flag.name === name;
}

/** A value that was typed behind `=` is so again, but for a path that only a shell completes. */
function replace(token: Token, name: Word, value: Word | undefined, words: readonly string[]) {
  const until = token.kind === 'option' ? token.until : token.at;
  if (token.kind !== 'option' || value === undefined) return { at: token.at, until, words: [name] };
  const isJoined = typeof value === 'string' && words[token.at] !== token.typed;
  return { at: token.at, until, words: isJoined ? [`${token.typed}=${value}`] : [token.typed, value] };
}
