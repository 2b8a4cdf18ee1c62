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
];

/** kubectl's and docker's way to ask for a terminal. `-i` is ssh's here, with the key file behind it. */
export function asksForTerminal(word: string | undefined): boolean {
  return word === '-it' || word === '-ti';
}

/** What a flag of another tool is here, if this command has it. `next` is its value, or the word behind it. */
export function findMeaning(typed: string, next: string | undefined, flags: readonly KnownFlag[]): Meaning | undefined {
  const found = FLAGS_OF_OTHERS.find(
    ({ typed: words, value, isAmount }) =>
      words.includes(typed) && (!value || value === next) && (isAmount !== true || /^\d/.test(next ?? '')),
  );
  const own = found?.beside ?? found?.ours[0];
  const isOurs = flags.some(({ name }) => `--${name}` === own);
  if (found === undefined || !isOurs) return undefined;
  return { words: found.ours, takesValue: found.value !== undefined, isJoined: found.isJoined === true };
}
