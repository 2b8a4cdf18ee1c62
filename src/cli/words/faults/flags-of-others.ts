import type { KnownFlag } from '../tokens.ts';

interface Meaning {
  /** What `ws` calls it. */
  words: string[];
  /** Whether the next word belongs to it. */
  takesValue: boolean;
  /** Its value stands behind a `=`, and is no word of its own. */
  isJoined: boolean;
}

/**
 * Flags of kubectl, helm, docker, ssh and gh, and ours that say the same. With a value: only with this one. With an
 * amount: only with a number behind it.
 */
const FLAGS_OF_OTHERS: { typed: string[]; value?: string; isAmount?: true; ours: string[]; isJoined?: true }[] = [
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
  const isOurs = flags.some(({ name }) => `--${name}` === found?.ours[0]);
  if (found === undefined || !isOurs) return undefined;
  return { words: found.ours, takesValue: found.value !== undefined, isJoined: found.isJoined === true };
}
