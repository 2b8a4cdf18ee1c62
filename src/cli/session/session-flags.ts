/** Flags of `ws ssh` that say what is run, and what goes beside it. */

import { Flags } from '@oclif/core';
import type { SessionForwards } from '../../operations/ssh.ts';
import { sayAmid } from '../../report/leaving.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { parseForwards } from '../../workspace/forwards/typed-forwards.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { quoteWords } from './words/remote-words.ts';
import { behindDashes, sshLine } from './words/ssh-line.ts';
import {
  parseSession,
  TMUX_SESSION,
  type TmuxRequest,
  toTmuxCommand,
  verifyAttachable,
  waitLine,
} from './words/tmux.ts';

/** `-L`, `-R` or `-D`, any number of times. */
export function forwardFlag(char: 'L' | 'R' | 'D', description: string, helpValue: string) {
  return Flags.string({ char, description, multiple: true, multipleNonGreedy: true, helpValue });
}

/** The flags that say how a command is run. */
interface CommandFlags {
  tmux?: string | undefined;
  detach: boolean;
  wait: boolean;
  'keep-words': boolean;
  'forward-agent': boolean;
}

/**
 * What is run: undefined for a shell. Throws `BAD_VALUE` if tmux should attach without a terminal, detach or wait
 * without tmux, or wait for a command that is not there yet.
 */
export function toSessionCommand(
  flags: CommandFlags,
  words: string[] | undefined,
  terminal: Pick<CliTerminal, 'stdin' | 'stdout'>,
): { command: string | undefined; tmux: TmuxRequest | undefined } {
  const {
    tmux: session,
    detach: isDetached,
    wait: waits,
    'keep-words': keepsWords,
    'forward-agent': forwardsAgent,
  } = flags;
  const command = (keepsWords ? quoteWords(words ?? []) : words?.join(' ')) || undefined;
  if (session === undefined) {
    if (isDetached) throw nothingToDetach(words);
    if (waits) throw nothingToWaitFor();
    return { command, tmux: undefined };
  }
  const name = parseSession(session);
  if (waits) {
    if (command !== undefined) throw notStarted(name, words);
    const tmux = { name, isDetached: false, waits, job: undefined, forwardsAgent: false };
    return { command: toTmuxCommand(tmux), tmux };
  }
  const tmux = { name, isDetached, job: command, forwardsAgent };
  if (!isDetached) verifyAttachable(tmux.name, words, terminal);
  return { command: toTmuxCommand(tmux), tmux };
}

function nothingToDetach(words: string[] = ['COMMAND']) {
  return failure('BAD_VALUE', {
    message: '--detach is for a tmux session',
    reason: 'a command ends with its client',
    suggestions: [sshLine([`--tmux=${TMUX_SESSION}`, '--detach', ...behindDashes(words)])],
  });
}

function nothingToWaitFor() {
  return failure('BAD_VALUE', {
    message: '--wait is for a tmux session',
    reason: 'a command without one is waited for by itself; --wait-timeout limits the wait for the workspace',
    suggestions: [waitLine(TMUX_SESSION)],
  });
}

function notStarted(name: string, words: string[] = []) {
  return failure('BAD_VALUE', {
    message: '--wait takes no command',
    reason: 'it waits for the one that the session was started with; nothing was started',
    suggestions: [
      sshLine([`--tmux=${name}`, '--detach', ...behindDashes(words)], { note: 'starts it' }),
      { ...waitLine(name), note: 'then waits for it' },
    ],
  });
}

/** Undefined when nothing is to be forwarded. Throws `BAD_MAPPING`. */
export function toSessionForwards(
  flags: { forward?: string[] | undefined; remote?: string[] | undefined; socks?: string[] | undefined },
  { stderr }: Pick<CliTerminal, 'stderr'>,
): SessionForwards | undefined {
  const mappings = parseForwards(flags, 'ssh');
  if (mappings.length === 0) return undefined;
  const tell = (event: ProgressEvent) => {
    if (event.type !== 'noticed' || event.notice.kind !== 'forward-failed') return;
    const { local, remote, reason } = event.notice;
    sayAmid(stderr, `ws: ${local} to ${remote}: ${reason}`);
  };
  return { mappings, tell };
}
