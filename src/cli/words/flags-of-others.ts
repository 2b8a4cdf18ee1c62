import type { KnownFlag } from './tokens.ts';

interface Meaning {
  /** What `ws` calls it. */
  words: string[];
  /** Whether the next word belongs to it. */
  takesValue: boolean;
}

/** Flags of kubectl, helm, docker, ssh and gh, and ours that say the same. With a value: only with this one. */
const FLAGS_OF_OTHERS: { typed: string[]; value?: string; ours: string[] }[] = [
  { typed: ['-o', '--output', '--format'], value: 'json', ours: ['--json'] },
  { typed: ['-v', '-vv', '-vvv', '--verbose', '--trace'], ours: ['--debug'] },
  { typed: ['--ns'], ours: ['--namespace'] },
  { typed: ['--ctx', '--cluster', '--kube-context'], ours: ['--context'] },
  { typed: ['--name'], ours: ['--workspace'] },
  { typed: ['--disk', '--disk-size', '--storage', '--volume-size'], ours: ['--size'] },
  { typed: ['--ram'], ours: ['--memory'] },
  { typed: ['-q', '--quiet', '--silent'], ours: ['--progress', 'quiet'] },
  { typed: ['--all'], ours: ['--all-namespaces'] },
  { typed: ['-f', '--force', '--assume-yes', '--no-input', '--no-prompt', '--non-interactive'], ours: ['--yes'] },
  { typed: ['--stdin', '--interactive'], ours: ['--tty'] },
];

/** What a flag of another tool is here, if this command has it. `next` is its value, or the word behind it. */
export function findMeaning(typed: string, next: string | undefined, flags: readonly KnownFlag[]): Meaning | undefined {
  const found = FLAGS_OF_OTHERS.find((one) => one.typed.includes(typed) && (!one.value || one.value === next));
  const isOurs = flags.some(({ name }) => `--${name}` === found?.ours[0]);
  return found !== undefined && isOurs ? { words: found.ours, takesValue: found.value !== undefined } : undefined;
}
