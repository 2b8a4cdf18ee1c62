/** Values that nobody typed, and what says them: an error about one leads to the place where it can be mended. */
import { resolve } from 'node:path';
import { withCause } from '../../workspace/diagnosis/with-cause.ts';
import { type ErrorCode, failure, WorkspaceError } from '../../workspace/errors/errors.ts';
import { type Command, type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import type { TypedCommand } from '../../workspace/errors/typed-command.ts';
import { explainKeyFolders } from '../terminal/key-folders.ts';
import { homeFolder } from '../terminal/machine.ts';
import type { Bearings } from './bearings.ts';
import type { FolderBinding } from './folder-binding.ts';
import { nameFolderSource } from './folder-source.ts';
import { listTypedValues } from './typed-words.ts';

export interface Said {
  /** The flag that would say the same, without its dashes. */
  flag: string;
  value: string;
  /** What a person would look for: `WS_STORAGE_CLASS`, `the setting storage-class`. */
  source: string;
}

/** A part of the place is named in many errors. In these it is what may be wrong. */
const ABOUT_PLACE: Record<'workspace' | 'namespace' | 'context', readonly ErrorCode[]> = {
  workspace: ['WORKSPACE_MISSING', 'WORKSPACE_STOPPED'],
  namespace: ['NAMESPACE_MISSING'],
  context: ['CONTEXT_UNKNOWN', 'CREDENTIALS_REJECTED', 'CLUSTER_UNREACHABLE'],
};

/** An error about the key that was named, in whatever words: its path may be missing there. */
const ABOUT_KEY: readonly ErrorCode[] = [
  ...(['KEY_NOT_FOUND', 'KEY_UNREADABLE', 'KEY_NOT_AUTHORIZED'] as const),
  ...(['PASSPHRASE_WRONG', 'PASSPHRASE_UNASKABLE'] as const),
];

const PLACE_VARIABLES = { workspace: 'WS_WORKSPACE', namespace: 'WS_NAMESPACE', context: 'WS_CONTEXT' } as const;

type PlacePart = keyof typeof PLACE_VARIABLES;

/** The parts of the place that variables or the directory say, and no word of the line. */
export function listPlaceSources(typed: TypedCommand | undefined, bound: FolderBinding | undefined): Said[] {
  const values = typed === undefined ? {} : listTypedValues(typed);
  const isNamed = typed?.parts.some((part) => part.kind === 'position' && part.isWorkspace) === true;
  // A command about homes has no use for it, whatever they are called.
  const isTaken = typed === undefined || typed.shapes.some(({ name }) => name === 'workspace');
  return (Object.keys(PLACE_VARIABLES) as PlacePart[]).flatMap((flag): Said[] => {
    if (values[flag] !== undefined || (flag === 'workspace' && (isNamed || !isTaken))) return [];
    const variable = PLACE_VARIABLES[flag];
    const said = process.env[variable];
    if (said) return [{ flag, value: said, source: variable }];
    const value = bound?.binding[flag];
    return value === undefined ? [] : [{ flag, value, source: `ws use in ${bound?.folder}` }];
  });
}

/** The flags that a command takes. */
type Shapes = Readonly<Record<string, { env?: string | undefined }>>;

/** What variables and the directory say of a command, where no word does. Words that are wrong are not parsed. */
export function listSources(
  typed: TypedCommand,
  { bound }: Bearings,
  shapes: Shapes = {},
  parsed: Parsed = { flags: {}, raw: [] },
): Said[] {
  return [...listPlaceSources(typed, bound), ...listFlagSources(shapes, parsed)];
}

interface Parsed {
  /** Values by the flags' names. */
  flags: Readonly<Record<string, unknown>>;
  /** What was typed. */
  raw: readonly { type: string; flag?: string }[];
}

/** The flags of a command that variables say. `shapes` are those it takes. */
function listFlagSources(shapes: Shapes, { flags, raw }: Parsed): Said[] {
  return Object.entries(shapes).flatMap(([flag, { env = '' }]): Said[] => {
    const value = flags[flag];
    const isTyped = raw.some((token) => token.type === 'flag' && token.flag === flag);
    return typeof value === 'string' && !isTyped && process.env[env] === value ? [{ flag, value, source: env }] : [];
  });
}

/** The error with the cause that shows in it, and with the sources of the values that it is about. */
export function explain(error: Error, said: readonly Said[]): Error {
  return explainKeyFolders(nameFolderSource(nameSources(withCause(error), said)));
}

/** The error, which names the source of each value that it is about. */
export function nameSources(error: Error, said: readonly Said[]): Error {
  if (!(error instanceof WorkspaceError) || said.length === 0) return error;
  const message = said.reduce(nameVariable, error.message);
  const text = `${message}\n${error.reason ?? ''}`;
  const named = said.filter(
    (one) => isAbout(error.code, one) && !text.includes(one.source) && isMeant(error.code, text, one),
  );
  if (named.length === 0 && message === error.message) return error;
  const { reason, suggestions, candidates, cause, because } = error;
  const sentences = named.map(({ value, source }) => `${value} comes from ${source}`);
  return failure(error.code, {
    message,
    reason: [...(reason === undefined ? [] : [reason]), ...sentences].join('\n'),
    ...{
      suggestions: [...suggestions, ...named.flatMap((one) => toUse(one, suggestions))],
      candidates: [...candidates],
      cause,
      because,
    },
  });
}

/** What mends the directory's own name, and not this one line: the next command would fail in the same way. */
function toUse({ flag, source }: Said, suggestions: readonly Suggestion[]): Command[] {
  if (flag !== 'workspace' || !source.startsWith('ws use ')) return [];
  const meant = suggestions.flatMap((one) => ('program' in one && one.again !== undefined ? [one.workspace] : []));
  const near = meant.find((name) => name !== undefined && /^[a-z]/.test(name));
  return [near === undefined ? { ...ws`use ${''}`, note: 'this directory then means none' } : ws`use ${near}`];
}

/** `--size` was not typed where a variable says the size. */
function nameVariable(message: string, { flag, source }: Said): string {
  if (!/^WS_[A-Z_]+$/.test(source)) return message;
  return message.replaceAll(new RegExp(`(?<![\\w-])--${flag}(?![\\w-])`, 'g'), source);
}

function isAbout(code: ErrorCode, { flag }: Said): boolean {
  return !(flag in ABOUT_PLACE) || ABOUT_PLACE[flag as PlacePart].includes(code);
}

/** A path is written out where it is read. */
function isMeant(code: ErrorCode, text: string, one: Said): boolean {
  if (one.flag === 'identity' && ABOUT_KEY.includes(code)) return true;
  const path = resolve(one.value.replace(/^~(?=$|[/\\])/, () => homeFolder()));
  return names(text, one) || names(text, { ...one, value: path });
}

/** A number or a letter may stand there for another reason. */
function names(text: string, { flag, value }: Said): boolean {
  if (!(flag in ABOUT_PLACE) && (value.length < 3 || /^\d+$/.test(value))) return false;
  const literal = value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w./:@-])${literal}(?![\\w/:@-]|\\.\\w)`).test(text);
}
