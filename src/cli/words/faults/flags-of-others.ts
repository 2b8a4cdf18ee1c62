import type { KnownFlag } from '../tokens.ts';

interface Meaning {
  /** What `ws` calls it. */
  words: string[];
  /** Whether the next word belongs to it. */
  takesValue: boolean;
  /** Its value stands behind a `=`, and is no word of its own. */
  isJoined: boolean;
}

interface FlagOfOthers {
  typed: string[];
  /** Only with this value. */
  value?: string;
  /** Only with a number behind it. */
  isAmount?: true;
  /** Only with such a value, which goes with it. */
  takes?: RegExp;
  /** Hardly another program than ssh has it so. */
  isOfSsh?: true;
  /** What says the same; nothing where a command does so by itself. */
  ours: string[];
  /** Which commands do so: those that have this flag. */
  beside?: string;
  isJoined?: true;
}

/** Flags of kubectl, helm, docker, ssh and gh. */
const FLAGS_OF_OTHERS: FlagOfOthers[] = [
  { typed: ['-o', '--output', '--format'], value: 'json', ours: ['--json'] },
  { typed: ['--verbose', '--trace'], ours: ['--debug'] },
  { typed: ['--ns'], ours: ['--namespace'] },
  { typed: ['--ctx', '--cluster', '--kube-context'], ours: ['--context'] },
  { typed: ['--name'], ours: ['--workspace'] },
  { typed: ['--disk', '--disk-size', '--volume-size'], ours: ['--size'] },
  // A name behind it is that of a class.
  { typed: ['--storage'], isAmount: true, ours: ['--size'] },
  { typed: ['--ram'], ours: ['--memory'] },
  { typed: ['-q', '--quiet', '--silent'], ours: ['--progress', 'quiet'] },
  { typed: ['--timeout', '--connect-timeout'], ours: ['--wait-timeout'] },
  { typed: ['--wait'], isAmount: true, ours: ['--wait-timeout'] },
  { typed: ['--wait'], ours: [], beside: '--wait-timeout' },
  { typed: ['--all'], ours: ['--all-namespaces'] },
  { typed: ['-f', '--force', '--assume-yes', '--no-input', '--no-prompt', '--non-interactive'], ours: ['--yes'] },
  { typed: ['--session', '--session-name', '--tmux-session'], ours: ['--tmux'], isJoined: true },
  { typed: ['--stdin', '--interactive'], ours: ['--tty'] },
  // What ssh has to be told, and `ws` knows.
  ...[
    { typed: ['-p'], takes: /^(?:22)+$/, isOfSsh: true as const },
    { typed: ['-o'], takes: /^[A-Z]\w+=/, isOfSsh: true as const },
    { typed: ['-N'], isOfSsh: true as const },
    { typed: ['-p'], takes: /^\d+$/ },
    { typed: ['-l'], takes: /^\w/ },
  ].map((row) => ({ ...row, ours: [], beside: '--socks' })),
];

/** Whether somebody typed it as for ssh: nearly every other letter is a flag of many programs. */
export function isOfSsh(typed: string, next: string | undefined): boolean {
  return FLAGS_OF_OTHERS.find((row) => isMeant(row, typed, next))?.isOfSsh === true;
}

/** kubectl's and docker's way to ask for a terminal. `-i` is ssh's here, with the key file behind it. */
export function asksForTerminal(word: string | undefined): boolean {
  return word === '-it' || word === '-ti';
}

/** What a flag of another tool is here, if this command has it. `next` is its value, or the word behind it. */
export function findMeaning(typed: string, next: string | undefined, flags: readonly KnownFlag[]): Meaning | undefined {
  const found = FLAGS_OF_OTHERS.find((row) => isMeant(row, typed, next));
  const own = found?.beside ?? found?.ours[0];
  const isOurs = flags.some(({ name }) => `--${name}` === own);
  if (found === undefined || !isOurs) return undefined;
  return {
    words: found.ours,
    takesValue: (found.value ?? found.takes) !== undefined,
    isJoined: found.isJoined === true,
  };
}

function isMeant({ typed: words, value, isAmount, takes }: FlagOfOthers, typed: string, next = ''): boolean {
  const isFit = (value ?? next) === next && (isAmount !== true || /^\d/.test(next)) && (takes ?? /^/).test(next);
  return words.includes(typed) && isFit;
}
