import type { Command } from '../../../workspace/errors/suggestion.ts';
import { DEFAULT_WORKSPACE } from '../../../workspace/names.ts';
import { isNewName } from '../../../workspace/naming/address.ts';
import { nameHostAt } from '../../ssh-config/host-address.ts';
import { findUnreadConfig, isRefusedByOpenSsh } from '../../terminal/machine.ts';
import type { Catalogue } from '../../words/catalogue.ts';
import { asksForTerminal } from '../../words/faults/flags-of-others.ts';
import { type KnownFlag, toTokens } from '../../words/tokens.ts';
import { asTyped, leaveOut } from '../../words/typed-line.ts';
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
      return toCopy(word, typed, catalogue);
    case 'rename':
      return toOtherName(typed, catalogue);
    case 'place':
      return toPlace(meaning.flag, typed, catalogue);
  }
}

/** The home of a workspace that goes, under the name of one that comes. */
function toOtherName(typed: readonly string[], catalogue: Catalogue): Command[] {
  const { positions, place } = readPlace(withoutNoun(typed), listPlaceFlags(catalogue));
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
  /** What flags with a value say, by their names: `-n` is `namespace`. */
  values: Map<string, string>;
}

function readPlace(typed: readonly string[], flags: readonly KnownFlag[]): SaidPlace {
  const read: SaidPlace = { positions: [], place: [], values: new Map() };
  for (const token of toTokens(typed, flags)) {
    if (token.kind === 'position') read.positions.push(token.word);
    if (token.kind !== 'option' || token.value === undefined) continue;
    read.values.set(token.flag.name, token.value);
    if (PLACE_FLAGS.includes(token.flag.name)) read.place.push(...typed.slice(token.at, token.until + 1));
  }
  return read;
}

/** Of a command that has no others. */
function listPlaceFlags(catalogue: Catalogue): readonly KnownFlag[] {
  return catalogue.find(['use'])?.flags ?? [];
}

const PLACE_FLAGS = ['context', 'namespace', 'kubeconfig'];

/** What other tools say between such a word and the name: `context use kind`. */
const PLACE_VERBS = ['use', 'set', 'get', 'ls', 'list', 'show', 'switch', 'current'];

/** Where commands work is shown; a name of another place is for one line, or for this directory with a workspace. */
function toPlace(flag: '--context' | '--namespace', typed: readonly string[], catalogue: Catalogue): Command[] {
  const { positions, place, values } = readPlace(typed, listPlaceFlags(catalogue));
  const name = positions.find((word) => !PLACE_VERBS.includes(word));
  const isSaid = values.has(flag.slice(2));
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

/**
 * `NAME:path` is a path in a workspace, whose host has its name once `ws config-ssh` has run. Flags of ours that scp
 * does not have say where that is, and none of them goes to scp.
 */
function toCopy(word: string, typed: readonly string[], catalogue: Catalogue): Command[] {
  const known = listPlaceFlags(catalogue);
  // For rsync, -n is a dry run.
  const flags = word === 'rsync' ? known.map(({ char: _, ...flag }) => flag) : known;
  const { values } = readPlace(typed, flags);
  const place = PLACE_FLAGS.flatMap((name) => (values.has(name) ? [`--${name}`, values.get(name) ?? ''] : []));
  const setUp = asTyped(['config-ssh', ...place]);
  const named = values.get('workspace');
  const paths = withoutFlags(typed, flags).map((one) => (named === undefined ? one : one.replace(/^(?=:)/, named)));
  if (!['cp', 'copy', 'scp'].includes(word) || !paths.some((one) => REMOTE_PATH.test(one))) return [setUp];
  if (isRefusedByOpenSsh()) return [setUp];
  const where = { namespace: values.get('namespace'), context: values.get('context') };
  const hosts = new Map(
    paths.map((one) => REMOTE_PATH.exec(one)?.[1] ?? '').map((name) => [name, nameHostAt(name, where)]),
  );
  // `ws config-ssh` will say what it is called.
  if ([...hosts.values()].includes(undefined)) return [setUp];
  const words = paths.map((one) => one.replace(REMOTE_PATH, (_, name: string) => `${hosts.get(name)}:`));
  const unread = findUnreadConfig();
  return [setUp, asTyped(unread === undefined ? words : ['-F', unread.file, ...words], 'scp')];
}

const REMOTE_PATH = /^([a-z][a-z0-9-]*):/;

/** Verbosity is the same letter for both, and stays. */
function withoutFlags(typed: readonly string[], flags: readonly KnownFlag[]): string[] {
  const words = [...typed];
  for (const token of toTokens(typed, flags).toReversed()) {
    if (token.kind !== 'option' && !(token.kind === 'switch' && token.typed.startsWith('--'))) continue;
    const { at, until = at, words: left } = leaveOut(token, words);
    words.splice(at, until - at + 1, ...left.map(String));
  }
  return words;
}

function withoutNoun(typed: readonly string[]): readonly string[] {
  return NOUNS.includes(typed[0] ?? '') ? typed.slice(1) : typed;
}
