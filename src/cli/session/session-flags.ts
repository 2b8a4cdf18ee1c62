/** Flags of `ws ssh` that say what goes beside the session, and in which one it is. */

import { Flags } from '@oclif/core';
import type { SessionForwards } from '../../operations/ssh.ts';
import { sayAmid } from '../../report/leaving.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { parseForwards } from '../../workspace/forwards/mapping.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { CliTerminal } from '../terminal/terminal.ts';

/**
 * A forwarded agent has another socket in every connection, and what runs in tmux keeps the one of its beginning. So
 * the session is given a link of a fixed name, which each connection leads to its own. What is there and no link is
 * somebody's own.
 */
const KEEP_AGENT = [
  'link=$HOME/.ssh/agent.sock',
  'if [ -S "$SSH_AUTH_SOCK" ] && { [ -L "$link" ] || [ ! -e "$link" ]; } && mkdir -p -m 700 "$HOME/.ssh" && ln -sfn "$SSH_AUTH_SOCK" "$link"',
  'then export SSH_AUTH_SOCK="$link"',
  'fi',
].join('; ');

/** The tmux session of `--tmux` without a name. */
export const TMUX_SESSION = 'main';

/** `-L`, `-R` or `-D`, as often as one likes. */
export function forwardFlag(char: 'L' | 'R' | 'D', description: string, helpValue: string) {
  return Flags.string({ char, description, multiple: true, multipleNonGreedy: true, helpValue });
}

/**
 * oclif has no flag with an optional value. So `--tmux` alone gets its name here, and the word after it stays a
 * workspace.
 */
export function nameSession(word: string): string {
  return word === '--tmux' ? `--tmux=${TMUX_SESSION}` : word;
}

/**
 * What is run: undefined for a shell. Throws `CONFLICTING_FLAGS` when two things are to be run, `BAD_VALUE` when tmux
 * is to be seen where there is no terminal.
 */
export function toSessionCommand(
  { tmux, 'forward-agent': forwardsAgent }: { tmux?: string | undefined; 'forward-agent': boolean },
  words: string[] | undefined,
  { stdin, stdout }: Pick<CliTerminal, 'stdin' | 'stdout'>,
): string | undefined {
  const typed = words?.join(' ') || undefined;
  if (tmux === undefined) return typed;
  const session = parseSession(tmux);
  if (typed !== undefined) {
    throw failure('CONFLICTING_FLAGS', {
      message: '--tmux attaches to a session, and a command was given besides',
      reason: 'a session that is there already runs what it runs',
      suggestions: [ws`ssh --tmux=${session}`, ws`ssh -- ${typed}`],
    });
  }
  if (stdin.isTTY !== true || stdout.isTTY !== true) {
    throw failure('BAD_VALUE', {
      message: '--tmux needs a terminal',
      reason: `${stdin.isTTY === true ? 'the output' : 'the input'} is none`,
      suggestions: [ws`ssh -- tmux new-session -d -s ${session} COMMAND`, ws`ssh -- tmux send-keys -t ${session} KEYS`],
    });
  }
  const attach = `exec tmux new-session -A -s ${session}`;
  return forwardsAgent ? `exec sh -c '${KEEP_AGENT}; ${attach}'` : attach;
}

/**
 * A tmux session's name. Throws `BAD_VALUE`: `.` and `:` mean windows and panes to tmux, and a shell reads the rest.
 */
export function parseSession(text: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(text)) return text;
  throw failure('BAD_VALUE', {
    message: `--tmux "${text}" is no name for a session`,
    reason: 'a name has letters, digits, - and _',
    suggestions: [ws`ssh --tmux=${TMUX_SESSION}`],
  });
}

/** Undefined when nothing is to be forwarded. Throws `BAD_MAPPING`. */
export function toSessionForwards(
  flags: { forward?: string[] | undefined; remote?: string[] | undefined; socks?: string[] | undefined },
  { stderr }: Pick<CliTerminal, 'stderr'>,
): SessionForwards | undefined {
  const mappings = parseForwards(flags);
  if (mappings.length === 0) return undefined;
  const tell = (event: ProgressEvent) => {
    if (event.type !== 'noticed' || event.notice.kind !== 'forward-failed') return;
    const { local, remote, reason } = event.notice;
    sayAmid(stderr, `ws: ${local} to ${remote}: ${reason}`);
  };
  return { mappings, tell };
}
