/** The typed line once more, with what a suggestion changes in it: a person recognizes it, and nothing is lost. */
import type { Command, Word } from './suggestion.ts';
import { listPartWords, readTyped, type TypedCommand, type TypedFlag, type TypedPart } from './typed-command.ts';

/** Words after which the next one belongs to the verb as well. */
const TOPICS = ['config', 'homes', 'keys'];

/** A longer line is nothing to copy: a script stands in it. */
const LONGEST = 1000;

export interface Retyping {
  typed: TypedCommand;
  /** The workspace that the line is to name; undefined where it stays as it is. */
  workspace: string | undefined;
  /** Whether the verb has the workspace's name as its first word. */
  takesWorkspace: boolean;
}

/** How many words of a command are its verb. */
export function countVerb(words: readonly Word[]): number {
  return TOPICS.some((topic) => topic === words[0]) ? 2 : 1;
}

/** The words after `ws`; undefined where the suggestion is another command than the typed one. */
export function retype(command: Command, retyping: Retyping): Word[] | undefined {
  const { typed } = retyping;
  const { again = {}, words, place = {} } = command;
  const length = countVerb(words);
  const change = readChange(words.slice(length), typed);
  const isSame = words.slice(0, length).join(' ') === typed.verb;
  const isAnyVerb = again.verb === 'typed' && change.flags.every(({ shape }) => shape !== undefined);
  if (again.verb === 'other' || !(isSame || isAnyVerb)) return undefined;
  const { without = [], instead } = again;
  // The line says it in another way: as a part of a range, say.
  const isOneOfMany = change.positions.length > 0 || change.flags.some(({ shape }) => shape?.multiple === true);
  if (instead !== undefined && isOneOfMany && !typed.parts.some((part) => isSaid(part, instead))) return undefined;
  const changed = [...change.flags, ...listPlaceFlags(place, typed)];
  let parts = nameWorkspace(dropFlags(typed.parts, without, changed), retyping);
  parts = putPositions(parts, change.positions, instead);
  // A verb such as `use` takes a name, too, and it is the value there.
  const value = isAnyVerb && !retyping.takesWorkspace ? command.workspace : undefined;
  if (value !== undefined && parts.some(({ kind }) => kind === 'position'))
    parts = putPositions(parts, [value], instead);
  for (const flag of changed) parts = putFlag(parts, flag, instead);
  const behind = change.behind ?? (without.includes('--') ? undefined : typed.behind);
  const dashes = change.behind === undefined && typed.isMarked === false ? [] : ['--'];
  const end = behind === undefined ? [] : [...dashes, ...behind];
  const line = [...typed.verb.split(' '), ...parts.flatMap(listPartWords), ...end];
  const found = line.map((word) => change.restore(word));
  return found.join(' ').length > LONGEST ? undefined : found;
}

function isSaid(part: TypedPart, texts: readonly string[]): boolean {
  const said = part.kind === 'position' ? part.word : part.value;
  return said !== undefined && texts.includes(said);
}

/** What a suggestion's own words say. A path below the home has no text yet, so another word stands for it. */
function readChange(words: readonly Word[], { shapes }: TypedCommand) {
  const texts = words.map((word, index) => (typeof word === 'string' ? word : `\0${index}`));
  const { parts, behind } = readTyped('', texts, withUnknown(texts, shapes));
  return {
    flags: parts.filter((part) => part.kind === 'flag').map((flag) => ({ ...flag, shape: findShape(flag, shapes) })),
    positions: parts.flatMap((part) => (part.kind === 'position' ? [part.word] : [])),
    behind,
    restore: (word: string): Word => (word.startsWith('\0') ? (words[Number(word.slice(1))] ?? word) : word),
  };
}

function findShape({ name }: TypedFlag, shapes: TypedCommand['shapes']) {
  return shapes.find((shape) => shape.name === name);
}

/** A flag that the typed verb does not have takes the word behind it. */
function withUnknown(texts: string[], shapes: TypedCommand['shapes']): TypedCommand['shapes'] {
  const names = texts.filter((text) => /^--[a-z]/.test(text)).map((text) => text.slice(2).split('=')[0] ?? '');
  const unknown = names.filter((name) => !shapes.some((shape) => [shape.name, `no-${shape.name}`].includes(name)));
  return [
    ...shapes,
    ...unknown.map((name) => {
      const next = texts[texts.indexOf(`--${name}`) + 1];
      return { name, type: next === undefined || next.startsWith('-') ? 'boolean' : 'option' };
    }),
  ];
}

/** The place that a suggestion leads to, as far as the line says another one. */
function listPlaceFlags(place: NonNullable<Command['place']>, typed: TypedCommand): TypedFlag[] {
  return Object.entries(place).flatMap(([name, value]): TypedFlag[] => {
    const isSaid = typed.parts.some((part) => part.kind === 'flag' && part.name === name && part.value === value);
    if (value === undefined || isSaid) return [];
    const shape = typed.shapes.find((one) => one.name === name);
    return [{ kind: 'flag', name, words: [`--${name}`, value], value, shape }];
  });
}

/** Leaves out what cannot stand beside the new flags. */
function dropFlags(parts: TypedPart[], without: readonly string[], changed: TypedFlag[]): TypedPart[] {
  return parts.filter((part) => {
    if (part.kind === 'position') return true;
    const isExcluded = changed.some(
      ({ name, shape }) => shape?.exclusive?.includes(part.name) || part.shape?.exclusive?.includes(name),
    );
    return !without.includes(part.name) && !isExcluded;
  });
}

/** Where the name stood, else in front of the rest. */
function nameWorkspace(parts: TypedPart[], { workspace, takesWorkspace }: Retyping): TypedPart[] {
  if (workspace === undefined) return parts;
  let isNamed = false;
  const named = parts.flatMap((part): TypedPart[] => {
    const isName = part.kind === 'position' ? part.isWorkspace : part.name === 'workspace';
    if (!isName) return [part];
    if (isNamed) return [];
    isNamed = true;
    return [part.kind === 'position' ? { ...part, word: workspace } : toFlag(part, workspace)];
  });
  if (isNamed || !takesWorkspace) return named;
  return [{ kind: 'position', word: workspace, isWorkspace: true }, ...named];
}

/** The same flag, called and written as it was, with another value. */
function toFlag(flag: TypedFlag, value: string): TypedFlag {
  const [called = ''] = flag.words;
  if (!called.startsWith('--')) return { ...flag, value, words: [called.slice(0, 2), value] };
  const [name = ''] = called.split('=');
  // A path below the home is completed only at the beginning of a word.
  const isJoined = called.includes('=') && !value.startsWith('\0');
  return { ...flag, value, words: isJoined ? [`${name}=${value}`] : [name, value] };
}

/** New positions take the place of the one that was wrong, else of all. */
function putPositions(parts: TypedPart[], words: string[], instead: readonly string[] | undefined): TypedPart[] {
  if (words.length === 0) return parts;
  const isOld = (part: TypedPart) =>
    part.kind === 'position' && !part.isWorkspace && (instead === undefined || instead.includes(part.word));
  const fresh = words.map((word): TypedPart => ({ kind: 'position', word, isWorkspace: false }));
  const at = parts.findIndex(isOld);
  const rest = parts.filter((part, index) => (instead === undefined ? !isOld(part) : index !== at));
  const end = rest.findLastIndex((part) => part.kind === 'position') + 1;
  return at < 0 ? rest.toSpliced(end, 0, ...fresh) : rest.toSpliced(Math.min(at, rest.length), 0, ...fresh);
}

/** A new value takes the place of the old one; a flag that is given often, of the value that was wrong. */
function putFlag(parts: TypedPart[], flag: TypedFlag, instead: readonly string[] | undefined): TypedPart[] {
  const at = parts.findIndex(
    (part) =>
      part.kind === 'flag' &&
      part.name === flag.name &&
      (flag.shape?.multiple !== true || (part.value !== undefined && instead?.includes(part.value))),
  );
  const old = parts[at];
  if (old?.kind !== 'flag') return [...parts, flag];
  // It is called as it was: `-n`, say.
  return parts.with(at, flag.value === undefined || old.value === undefined ? flag : toFlag(old, flag.value));
}
