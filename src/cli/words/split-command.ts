/**
 * Where the remote command begins in the words of `ws ssh`. As with ssh: flags are `ws`'s own up to the first word of
 * the command, and what follows it is the command's, `--` included. A `--` before it begins the command as well.
 */

/** Flags of `ws ssh` with a value, which is the next word. A test holds them against the manifest. */
const VALUE_FLAGS = new Set([
  ...['context', 'namespace', 'n', 'kubeconfig', 'progress', 'workspace', 'w', 'identity', 'i', 'accept-host-key'],
  ...['wait-timeout', 'forward', 'L', 'remote', 'R', 'socks', 'D', 'wake', 'direct'],
]);

const WORKSPACE_FLAGS = ['workspace', 'w'];
const PLACE_FLAGS = [...WORKSPACE_FLAGS, 'context', 'namespace', 'n', 'kubeconfig'];

/** A line whose first word may have been meant as a word of the command or as `--tmux`'s name, not as a workspace. */
export interface Meant {
  /**
   * The first word, and those of the command. A flag between them is the command's as well, as it was typed: nobody
   * gives `-t` of `ls -t` to `ws`.
   */
  words: string[];
  /** `ws`'s own flags, without those that say where: those before the first word, and behind the name of a session. */
  flags: string[];
  /** It stands behind `--tmux`, which takes its name with =. */
  isSession: boolean;
  /** The whole line as a command, where a letter behind the first word was read as a place: `head -n 5 log`. */
  misplaced?: string[];
}

export interface SplitWords {
  /** `ws`'s own: flags, and the workspace. */
  before: string[];
  /** The command's; undefined for a shell. */
  command: string[] | undefined;
  /** A `--` begins the command. */
  isMarked: boolean;
  meant: Meant | undefined;
  /** The command's words behind `--`, where no word before them named a workspace. */
  behind: string[] | undefined;
}

/** The workspace is the first word without a flag, unless `--workspace` has named it before. */
export function splitCommand(words: readonly string[]): SplitWords {
  let isNamed = false;
  let name: string | undefined;
  let isSession = false;
  /** Where the first word stands. */
  let start = 0;
  let isMisplaced = false;
  const flags: string[] = [];
  const between: string[] = [];
  let at = 0;
  for (; at < words.length && words[at] !== '--'; at += 1) {
    const word = words[at] ?? '';
    if (word.length > 1 && word.startsWith('-')) {
      const flag = readFlag(word);
      isNamed ||= WORKSPACE_FLAGS.includes(flag.name);
      // A flag without its value is the parser's to refuse.
      const isLong = flag.takesNext && words[at + 1] !== '--';
      const isWithin = name !== undefined && !isSession;
      if (!PLACE_FLAGS.includes(flag.name))
        (isWithin ? between : flags).push(...words.slice(at, isLong ? at + 2 : at + 1));
      else isMisplaced ||= isWithin && !word.startsWith('--');
      if (isLong) at += 1;
    } else if (isNamed) break;
    else {
      isNamed = true;
      name = word;
      start = at;
      isSession = words[at - 1] === '--tmux';
    }
  }
  const before = words.slice(0, at);
  const isMarked = words[at] === '--';
  const command = at < words.length ? words.slice(isMarked ? at + 1 : at) : undefined;
  const isClear = name === undefined || (isMarked && !isSession);
  const misplaced = isMisplaced ? { misplaced: [...words.slice(0, start), '--', ...words.slice(start)] } : {};
  const meant = isClear
    ? undefined
    : { words: [name ?? '', ...between, ...(command ?? [])], flags, isSession, ...misplaced };
  return { before, command, isMarked, meant, behind: isMarked && !isNamed ? command : undefined };
}

/** The flags at the start of words that stand behind a workspace's name, and the command behind those. */
export function splitFlags(words: readonly string[]): { flags: string[]; command: string[] } {
  const { before, command = [] } = splitCommand(['--workspace=', ...words]);
  return { flags: before.slice(1), command };
}

/** The flag with a value in a word, if there is one: `--context`, `--context=kind`, `-n`, `-nteam`, `-tn`. */
function readFlag(word: string): { name: string; takesNext: boolean } {
  if (word.startsWith('--')) {
    const [name = '', ...value] = word.slice(2).split('=');
    return { name, takesNext: value.length === 0 && VALUE_FLAGS.has(name) };
  }
  const at = [...word].findIndex((character, index) => index > 0 && VALUE_FLAGS.has(character));
  return { name: word[at] ?? '', takesNext: at > 0 && at === word.length - 1 };
}

/** The words before and after `--`. Everything after it belongs to the remote command, flags included. */
export function splitAtDashes(argv: string[]): { before: string[]; after: string[] | undefined } {
  const at = argv.indexOf('--');
  return at < 0 ? { before: argv, after: undefined } : { before: argv.slice(0, at), after: argv.slice(at + 1) };
}

/** Whoever types it reads JSON, also where a command has no such flag and says so. */
export function asksForJson(words: string[]): boolean {
  return splitAtDashes(words).before.includes('--json');
}
