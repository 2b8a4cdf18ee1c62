/** A line of `ws` as somebody typed it, word by word, so that a suggestion can change one of them and keep the rest. */

/** What a command says of one of its flags. */
export interface FlagShape {
  name: string;
  char?: string | undefined;
  aliases?: readonly string[] | undefined;
  charAliases?: readonly string[] | undefined;
  /** `option` takes a value. */
  type: string;
  multiple?: boolean | undefined;
  exclusive?: readonly string[] | undefined;
}

export interface TypedFlag {
  kind: 'flag';
  /** The flag's own name, whatever it was called; what was typed where there is none of that name. */
  name: string;
  words: string[];
  value: string | undefined;
  shape: FlagShape | undefined;
}

export interface TypedPosition {
  kind: 'position';
  word: string;
  isWorkspace: boolean;
}

export type TypedPart = TypedFlag | TypedPosition;

/** `ws VERB …`, in the order in which it was typed. */
export interface TypedCommand {
  verb: string;
  parts: TypedPart[];
  /** What stands after `--`; undefined where there is none. */
  behind: string[] | undefined;
  /** False where no `--` stands before it: the first words of it begin it. */
  isMarked?: boolean;
  /** The flags that the verb has, by name. */
  shapes: readonly FlagShape[];
}

/** What stands behind their `--` is a remote command; behind that of others it is arguments. '' is no whole line. */
const REMOTE = ['', 'ssh'];

/**
 * Reads the words after the verb. `isWorkspace` tells of the first position whether it names the workspace. Never
 * throws: it is read where something was wrong with the line.
 */
export function readTyped(
  verb: string,
  words: readonly string[],
  shapes: readonly FlagShape[],
  isWorkspace: (positions: string[]) => boolean = () => false,
): TypedCommand {
  const dashes = words.indexOf('--');
  const before = dashes < 0 ? words : words.slice(0, dashes);
  const parts: TypedPart[] = [];
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] ?? '';
    if (!/^-./.test(word)) {
      parts.push({ kind: 'position', word, isWorkspace: false });
      continue;
    }
    const flag = readFlag(word, before[at + 1], shapes);
    at += flag.words.length - 1;
    parts.push(flag);
  }
  const behind = dashes < 0 ? undefined : words.slice(dashes + 1);
  const isCommand = REMOTE.includes(verb);
  if (!isCommand) for (const word of behind ?? []) parts.push({ kind: 'position', word, isWorkspace: false });
  const positions = parts.filter((part) => part.kind === 'position');
  const [first] = positions;
  if (first !== undefined && isWorkspace(positions.map(({ word }) => word))) first.isWorkspace = true;
  return { verb, parts, behind: isCommand ? behind : undefined, shapes };
}

/** The same line with the flags in these words that it lacks: what a person has answered was typed by nobody. */
export function withFlagsOf(line: TypedCommand, words: readonly string[]): TypedCommand {
  const typed = line.parts.flatMap((part) => (part.kind === 'flag' ? [part.name] : []));
  const { parts } = readTyped(line.verb, words, line.shapes);
  return {
    ...line,
    parts: [...line.parts, ...parts.filter((part) => part.kind === 'flag' && !typed.includes(part.name))],
  };
}

/** One flag, with the next word where that is its value. */
function readFlag(word: string, next: string | undefined, shapes: readonly FlagShape[]): TypedFlag {
  const isLong = word.startsWith('--');
  const sign = isLong ? word.indexOf('=') : -1;
  const typed = isLong ? (sign < 0 ? word : word.slice(0, sign)) : word.slice(0, 2);
  const joined = isLong ? (sign < 0 ? undefined : word.slice(sign + 1)) : word.slice(2) || undefined;
  const shape = shapes.find((one) => isCalled(one, typed));
  const takesNext = shape?.type === 'option' && joined === undefined && next !== undefined;
  return {
    kind: 'flag',
    name: shape?.name ?? typed,
    words: takesNext ? [word, next] : [word],
    value: takesNext ? next : joined,
    shape,
  };
}

function isCalled({ name, char, aliases = [], charAliases = [], type }: FlagShape, typed: string): boolean {
  const names = [name, ...aliases].flatMap((one) => [`--${one}`, ...(type === 'option' ? [] : [`--no-${one}`])]);
  return names.includes(typed) || [char, ...charAliases].some((one) => one !== undefined && typed === `-${one}`);
}

/** The words of a part, as they stand on a line. */
export function listPartWords(part: TypedPart): string[] {
  return part.kind === 'position' ? [part.word] : part.words;
}
