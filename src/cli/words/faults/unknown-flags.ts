import { enumerate } from '../../../workspace/errors/enumerate.ts';
import { failure, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { findNearest } from '../../../workspace/errors/nearest.ts';
import { isChanging } from '../../../workspace/errors/spell.ts';
import { ws } from '../../../workspace/errors/suggestion.ts';
import type { Judged, Owner } from '../judged.ts';
import { findFlag, type KnownFlag } from '../tokens.ts';
import { helpOf } from '../usage.ts';
import { findMeaning } from './flags-of-others.ts';
import { findMeantElsewhere } from './meant-elsewhere.ts';
import { mendValue } from './mend-value.ts';
import { toOwnersLine } from './owners-line.ts';

/** In this many commands a flag is worth to be named. */
const FEW = 3;

/** The flags that there are not, with the line as it is right once each has the name that was probably meant. */
export function findUnknownFlags(judged: Judged): WorkspaceError | undefined {
  const { line, tokens, grammar, listOwners } = judged;
  const unknown = tokens.filter((token) => token.kind === 'unknown');
  const [first] = unknown;
  if (first === undefined) return undefined;
  const elsewhere = findMeantElsewhere(judged);
  if (elsewhere !== undefined) return elsewhere;
  const names = [...new Set(unknown.map(({ typed }) => (isSshForward(typed, grammar.flags) ? '-L' : typed)))];
  const given = new Set(tokens.flatMap((token) => ('flag' in token ? [token.flag.name] : [])));
  const mends = unknown.map(({ at, typed }) =>
    onlyOnce(mend(line.words, at, typed, grammar.flags), given, grammar.flags),
  );
  const asksForHelp = mends.some((one) => one?.words.includes('--help'));
  // A letter means something else for each command.
  const owners = names.length === 1 && first.typed.startsWith('--') ? listOwners(first.typed.slice(2)) : [];
  const isFew = owners.length > 0 && owners.length <= FEW;
  // One owner may have been meant; of two that do other things, neither was.
  const isLed = isFew && (owners.length === 1 || !isChanging(line.id));
  const mended = mends.every((one) => one !== undefined) && !asksForHelp ? [line.with(...mends)] : undefined;
  return failure('BAD_VALUE', {
    message: `${line.name} has no flag${names.length === 1 ? '' : 's'} ${enumerate(names, 'and')}`,
    ...(isFew ? { reason: `${enumerate(owners.map(toName), 'and')} ${owners.length === 1 ? 'has' : 'have'} it` } : {}),
    suggestions: [
      ...(mended ?? (isLed ? owners.flatMap((owner) => toOwnersLine(owner, judged) ?? []) : [])),
      ...(first.typed === '--version' ? [ws`version`] : []),
      helpOf(line.id),
    ],
  });
}

function toName({ id }: Owner): string {
  return `ws ${id.replaceAll(':', ' ')}`;
}

interface Mend {
  at: number;
  until?: number;
  words: string[];
}

/** A flag that is there already is not put in once more: the unknown one goes. */
function onlyOnce(mend: Mend | undefined, given: Set<string>, flags: readonly KnownFlag[]): Mend | undefined {
  const [word = ''] = mend?.words ?? [];
  const flag = findFlag(word.replace(/=.*/s, ''), flags);
  if (mend === undefined || flag === undefined || flag.multiple === true) return mend;
  if (given.has(flag.name)) return { ...mend, words: [] };
  given.add(flag.name);
  return mend;
}

/** What stands for an unknown flag; undefined when nothing is near, or when it stands among others in one word. */
function mend(words: readonly string[], at: number, typed: string, flags: readonly KnownFlag[]): Mend | undefined {
  const word = words[at] ?? '';
  if (!word.startsWith(typed)) return undefined;
  if (isSshForward(typed, flags)) return asWord(words, at);
  const value = word.length > typed.length ? word.slice(typed.length + 1) : undefined;
  const meant = findMeaning(typed, value ?? words[at + 1], flags);
  if (meant !== undefined) {
    if (meant.takesValue) return { at, until: value === undefined ? at + 1 : at, words: meant.words };
    const [name = ''] = meant.words;
    const takesValue = findFlag(name, flags)?.type === 'option' && meant.words.length === 1;
    if (!takesValue) return { at, words: meant.words };
    const mended = withValue(words, at, name, value);
    return meant.isJoined ? { ...mended, words: [mended.words.join('=')] } : mended;
  }
  const flag = findNearestFlag(typed, flags);
  if (flag === undefined) return undefined;
  return flag.isSwitch ? { at, words: [flag.word] } : withValue(words, at, flag.word, value);
}

/** ssh's `-L`, joined to what it forwards or alone, for a command that has ssh's other forwards. */
function isSshForward(typed: string, flags: readonly KnownFlag[]): boolean {
  return /^-L(?:\W|\d|$)/.test(typed) && flags.some(({ name }) => name === 'socks');
}

/** What stands behind ssh's `-L` is a word of its own here. */
function asWord(words: readonly string[], at: number): Mend | undefined {
  const [word = '', next] = words.slice(at);
  if (word !== '-L') return { at, words: [word.slice(2).replace(/^=/, '')] };
  if (next === undefined || next.startsWith('-')) return undefined;
  return { at, until: at + 1, words: [next] };
}

/** The flag with its value, joined as it was or in the next word, and that mended where it cannot be one. */
function withValue(words: readonly string[], at: number, flag: string, joined: string | undefined): Mend {
  const name = flag.replace(/^--?/, '');
  if (joined !== undefined) return { at, words: [`${flag}=${mendValue(name, joined)}`] };
  const next = words[at + 1];
  if (next === undefined || next.startsWith('-')) return { at, words: [flag] };
  return { at, until: at + 1, words: [flag, mendValue(name, next)] };
}

/** `--no-shel` is near to `--no-shell` alone: its opposite would do the opposite. */
function findNearestFlag(typed: string, flags: readonly KnownFlag[]): { word: string; isSwitch: boolean } | undefined {
  if (typed.length === 2) return findSameLetter(typed, flags);
  // Some tools write a whole name behind one dash.
  const name = typed.replace(/^--?/, '');
  const isNegated = name.startsWith('no-');
  const names = ['help', ...flags.flatMap(({ name, allowNo }) => [name, ...(allowNo === true ? [`no-${name}`] : [])])];
  const alike = names.filter((one) => one.startsWith('no-') === isNegated);
  // `--storage` is the whole first word of `--storage-class`, and one of its letters is of `--size`.
  const begun = alike.filter((one) => one.startsWith(`${name}-`));
  const near = begun.length === 1 ? begun[0] : findNearest(name, alike);
  if (near === undefined) return undefined;
  const flag = flags.find((one) => one.name === near);
  return { word: `--${near}`, isSwitch: flag?.type !== 'option' };
}

/**
 * `--all-namespaces` for `-a`, because `-A` is. Its name says what it does. A letter that takes a value might mean
 * something else with it.
 */
function findSameLetter(typed: string, flags: readonly KnownFlag[]): { word: string; isSwitch: boolean } | undefined {
  const letter = typed.slice(1).toLowerCase();
  const flag = flags.find(({ char, type }) => type === 'boolean' && char?.toLowerCase() === letter);
  return flag === undefined ? undefined : { word: `--${flag.name}`, isSwitch: true };
}
