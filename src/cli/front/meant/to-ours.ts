import type { Command } from '../../../workspace/errors/suggestion.ts';
import { DEFAULT_WORKSPACE } from '../../../workspace/names.ts';
import { isNewName } from '../../../workspace/naming/address.ts';
import { findUnreadConfig, isRefusedByOpenSsh } from '../../terminal/machine.ts';
import type { Catalogue } from '../../words/catalogue.ts';
import { asksForTerminal } from '../../words/faults/flags-of-others.ts';
import { toTokens } from '../../words/tokens.ts';
import { asTyped } from '../../words/typed-line.ts';
import { helpOf } from '../../words/usage.ts';
import { mendFlags } from './mend-flags.ts';
import { HABITS, type Meaning, NOUNS, type Ours } from './neighbours.ts';

/** Our lines for a word of another tool and what was typed behind it. Each can be run as it stands, or shows help. */
export function toOurs(word: string, meaning: Meaning, typed: readonly string[], catalogue: Catalogue): Command[] {
  switch (meaning.kind) {
    case 'same':
      return meaning.ours.map((ours) => withTyped(ours, meaning.one, typed, catalogue));
    case 'remote':
      return toSessions(meaning.isNamed, typed, catalogue);
    case 'copy':
      return [asTyped(['config-ssh']), ...toCopy(word, typed)];
    case 'rename':
      return toOtherName(typed, catalogue);
    case 'place':
      return toPlace(meaning.flag, typed, catalogue);
  }
}

/** The home of a workspace that goes, under the name of one that comes. */
function toOtherName(typed: readonly string[], catalogue: Catalogue): Command[] {
  const { positions, place } = readPlace(withoutNoun(typed), catalogue);
  const [old = 'OLD', fresh = 'NEW'] = positions.filter(isNewName);
  return [
    { ...asTyped(['down', old, '--keep-home', ...place]), note: 'its home stays' },
    { ...asTyped(['up', fresh, '--home', `ws-${old}-home`, ...place]), note: 'another workspace, with that home' },
  ];
}

interface SaidPlace {
  /** The words without a flag. */
  positions: string[];
  /** The flags that say where, with their values. */
  place: string[];
  /** The names of these flags: `-n` is `namespace`. */
  said: string[];
}

function readPlace(typed: readonly string[], catalogue: Catalogue): SaidPlace {
  const read: SaidPlace = { positions: [], place: [], said: [] };
  for (const token of toTokens(typed, catalogue.find(['use'])?.flags ?? [])) {
    if (token.kind === 'position') read.positions.push(token.word);
    if (token.kind !== 'option' || !PLACE_FLAGS.includes(token.flag.name)) continue;
    read.place.push(...typed.slice(token.at, token.until + 1));
    read.said.push(token.flag.name);
  }
  return read;
}

const PLACE_FLAGS = ['context', 'namespace', 'kubeconfig'];

/** What other tools say between such a word and the name: `context use kind`. */
const PLACE_VERBS = ['use', 'set', 'get', 'ls', 'list', 'show', 'switch', 'current'];

/** Where commands work is shown; a name of another place is for one line, or for this directory with a workspace. */
function toPlace(flag: '--context' | '--namespace', typed: readonly string[], catalogue: Catalogue): Command[] {
  const { positions, place, said } = readPlace(typed, catalogue);
  const name = positions.find((word) => !PLACE_VERBS.includes(word));
  const isSaid = said.includes(flag.slice(2));
  const where = [...(isSaid ? [] : [flag, name ?? flag.slice(2).toUpperCase()]), ...place];
  return [
    ...(name === undefined ? [{ ...asTyped(['use']), note: 'shows where commands work here' }] : []),
    { ...asTyped(['use', 'WORKSPACE', ...where]), note: 'keeps both for this directory' },
    { ...asTyped(['ls', ...where]), note: 'for one line' },
  ];
}

/** What the command takes of what was typed. It is shown how it is used when there are flags that it does not know. */
function withTyped(ours: Ours, one: string | undefined, typed: readonly string[], catalogue: Catalogue): Command {
  // What stands behind `--` is for a workspace.
  const own = withoutNoun(typed.includes('--') ? typed.slice(0, typed.indexOf('--')) : typed);
  const words = own.filter((word) => !ours.drops?.includes(word) && !asksForTerminal(word));
  const asList = fit(ours.verb, words, ours.adds ?? [], catalogue);
  const isOne = one !== undefined && asList.dropped.length === 1;
  const { line } = isOne ? fit(one, words, [], catalogue) : asList;
  return ours.note === undefined ? line : { ...line, note: ours.note };
}

/** A line of this command with mended flags, and the arguments that it has no place for. */
export function fit(
  verb: string,
  typed: readonly string[],
  adds: readonly string[],
  catalogue: Catalogue,
): { line: Command; dropped: string[] } {
  const command = catalogue.find(verb.split(' '));
  const words = command === undefined ? undefined : mendFlags(command, typed);
  if (command === undefined || words === undefined) return { line: helpOf(verb.replaceAll(' ', ':')), dropped: [] };
  const positions = toTokens(words, command.flags).filter((token) => token.kind === 'position');
  const most = command.strict ? command.args.length - adds.filter((add) => !add.startsWith('-')).length : Infinity;
  const extra = positions.slice(most);
  if (extra.length > 0 && withoutNoun(typed) !== typed) return fit(verb, withoutNoun(typed), adds, catalogue);
  const isChoice = command.args.every(({ options }, at) => options?.includes(positions[at]?.word ?? '') !== false);
  if (!isChoice) return { line: helpOf(command.id), dropped: [] };
  const kept = words.filter((_, at) => extra.every((token) => token.at !== at));
  const line = asTyped([...verb.split(' '), ...kept, ...adds.filter((add) => !kept.includes(add))]);
  return { line, dropped: extra.map(({ word }) => word) };
}

/**
 * Where a tool has the name in front of the command and another has none, the first word is one or the other. It is the
 * name where it is the usual one, or stands alone before `--`.
 */
function toSessions(isNamed: boolean, typed: readonly string[], catalogue: Catalogue): Command[] {
  const flags = catalogue.find(['ssh'])?.flags ?? [];
  const words = withoutNoun(typed);
  const dashes = words.indexOf('--');
  const tokens = toTokens(dashes < 0 ? words : words.slice(0, dashes), flags);
  // `-w dev` has said it.
  if (tokens.some((token) => token.kind === 'option' && token.flag.name === 'workspace'))
    return [toSsh(false, typed, catalogue)];
  const [first, ...others] = tokens.filter((token) => token.kind === 'position');
  const isOpen = !isNamed && dashes < 0 && first !== undefined && others.length > 0;
  if (!isOpen) return [toSsh(isNamed || dashes >= 0, typed, catalogue)];
  const named = toSsh(true, typed, catalogue);
  if (first.word === DEFAULT_WORKSPACE) return [named];
  return [toSsh(false, typed, catalogue), { ...named, note: `if ${first.word} is the workspace` }];
}

/** `exec dev -it -- ls`, `exec dev ls`, `run ls`: what is to be run stands behind `--`. */
function toSsh(isNamed: boolean, typed: readonly string[], catalogue: Catalogue): Command {
  const flags = catalogue.find(['ssh'])?.flags ?? [];
  const words = withoutNoun(typed);
  const dashes = words.indexOf('--');
  const front = [...(dashes < 0 ? words : words.slice(0, dashes)).entries()];
  const own = front.filter(([, word]) => !HABITS.includes(word));
  const positions = toTokens(toWords(own), flags).filter(({ kind }) => kind === 'position');
  // Without `--` the command begins with the first word that is no flag, or behind the name.
  const [start] = dashes < 0 ? (own[positions[isNamed ? 1 : 0]?.at ?? own.length] ?? []) : [];
  const isBefore = ([at]: [number, string]) => start === undefined || at < start;
  const before = toWords(own.filter(isBefore));
  const command = start === undefined ? (dashes < 0 ? [] : words.slice(dashes + 1)) : words.slice(start);
  if (toTokens(before, flags).some(({ kind }) => kind === 'unknown')) return helpOf('ssh');
  const wantsTty = toWords(front.filter(isBefore)).some((word) => /^-(?:i?ti?|-tty)$/.test(word));
  const tty = wantsTty && command.length > 0 ? ['--tty'] : [];
  return asTyped(['ssh', ...before, ...tty, ...(command.length === 0 ? [] : ['--', ...command])]);
}

function toWords(entries: [number, string][]): string[] {
  return entries.map(([, word]) => word);
}

/** `NAME:path` is a path in a workspace, whose host is called `ws-NAME` once `ws config-ssh` has run. */
function toCopy(word: string, typed: readonly string[]): Command[] {
  if (!['cp', 'copy', 'scp'].includes(word) || !typed.some((one) => /^[a-z][a-z0-9-]*:/.test(one))) return [];
  const words = typed.map((one) => one.replace(/^(?!ws-)([a-z][a-z0-9-]*:)/, 'ws-$1'));
  if (isRefusedByOpenSsh()) return [];
  const unread = findUnreadConfig();
  return [asTyped(unread === undefined ? words : ['-F', unread.file, ...words], 'scp')];
}

function withoutNoun(typed: readonly string[]): readonly string[] {
  return NOUNS.includes(typed[0] ?? '') ? typed.slice(1) : typed;
}
