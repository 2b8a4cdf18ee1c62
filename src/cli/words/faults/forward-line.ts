import type { Command } from '../../../workspace/errors/suggestion.ts';
import type { Token } from '../tokens.ts';
import { asTyped } from '../typed-line.ts';
import { toPlaceholder } from './flag-faults.ts';

/** Flags of `ws ssh` that `ws forward` has not: they say what is run, and how. A test holds them to the manifest. */
const OF_SESSIONS = ['tty', 'tmux', 'detach', 'wait', 'keep-words', 'forward-agent', 'share', 'escapes'];

/** Flags of `ws ssh` that each say a forward. */
export const FORWARDING = ['forward', 'remote', 'socks'];

/** The line of `ws forward` for one of `ws ssh`: its workspace, these forwards, and what it says of where and how. */
export function toForwardLine(tokens: readonly Token[], position: string | undefined, forwards: string[]): Command {
  const kept = tokens.flatMap((token) =>
    'flag' in token && ![...OF_SESSIONS, ...FORWARDING].includes(token.flag.name) ? [token] : [],
  );
  const isNamed = kept.some(({ flag }) => flag.name === 'workspace');
  return asTyped([
    'forward',
    ...(isNamed || position === undefined ? [] : [position]),
    ...forwards,
    ...kept.flatMap((token) => {
      if (token.kind === 'switch') return [`--${token.isNegated ? 'no-' : ''}${token.flag.name}`];
      return [`--${token.flag.name}`, token.value ?? toPlaceholder(String(token.flag.helpValue ?? 'VALUE'))];
    }),
  ]);
}
