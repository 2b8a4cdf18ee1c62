/** A tmux session of the workspace: attached to, or started for a command that outlives its client. */
import { failure } from '../../../workspace/errors/errors.ts';
import { toQuoted } from '../../../workspace/errors/printable.ts';
import { type Command, ws } from '../../../workspace/errors/suggestion.ts';
import {
  awaitEnd,
  markRunning,
  RUN_AND_STAY,
  SESSION_EXISTS_STATUS,
  startInPlace,
  takeInput,
  tellClosed,
  toTmuxWord,
  verifyEnded,
} from '../../../workspace/jobs/job-script.ts';
import type { CliTerminal } from '../../terminal/terminal.ts';
import { splitFlags } from '../../words/split-command.ts';
import { quoteWords } from './remote-words.ts';
import { behindDashes, sessionLine, sshLine } from './ssh-line.ts';

export interface TmuxRequest {
  name: string;
  /** It is started, and nobody attaches. */
  isDetached: boolean;
  /** Nothing is started: the end of its job is waited for. */
  waits?: boolean;
  /** The command that it is started with; undefined for a shell. */
  job: string | undefined;
  forwardsAgent: boolean;
  /** What a detached job reads as its input; undefined: nothing. */
  input?: Buffer;
}

/** Whether somebody sees it: else nobody attaches. */
export function isAttached(tmux: TmuxRequest | undefined): boolean {
  return tmux?.isDetached === false && tmux.waits !== true;
}

/** The tmux session of `--tmux` without a name. */
export const TMUX_SESSION = 'main';

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

const NOT_RUN = 'is there already: attached, and the command was not run';

/** oclif has no flag with an optional value. So `--tmux` alone gets its name here; the word after it is another one. */
export function nameSession(word: string): string {
  return word === '--tmux' ? `--tmux=${TMUX_SESSION}` : word;
}

/**
 * A tmux session's name. Throws `BAD_VALUE`: `.` and `:` mean windows and panes to tmux, and a shell reads the rest.
 */
export function parseSession(text: string): string {
  if (isSessionName(text)) return text;
  throw failure('BAD_VALUE', {
    message: `--tmux ${toQuoted(text)} is no name for a session`,
    reason: 'a name has letters, digits, - and _',
    suggestions: [ws`ssh --tmux=${TMUX_SESSION}`],
  });
}

export function isSessionName(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(text);
}

/** Flags that were for the beginning of a session: its command, its words, and how patiently it was started. */
const BEGINNING = ['detach', '--', 'keep-words', 'progress', 'share', 'wait', 'wait-timeout', 'wake'];

/** The line that attaches to a session. */
export function attachLine(name: string): Command {
  const line = name === TMUX_SESSION ? ws`ssh --tmux` : ws`ssh --tmux=${name}`;
  return { ...line, again: { without: BEGINNING } };
}

/** The line that prints what a session has printed, each line unbroken: as many as tmux keeps. It needs no terminal. */
export function readLine(name: string): Command {
  return { ...ws`ssh -- tmux capture-pane -p -J -S - -t ${`=${name}:`}`, again: { verb: 'other' } };
}

/** The line that waits for a session's job, and ends with its status. */
export function waitLine(name: string): Command {
  return { ...ws`ssh --tmux=${name} --wait`, again: { verb: 'other' } };
}

/** The line that ends a session. */
export function killLine(name: string): Command {
  const note = 'ends it, and all that runs in it';
  return { ...ws`ssh -- tmux kill-session -t ${`=${name}`}`, again: { verb: 'other' }, note };
}

/** Throws `BAD_VALUE` for `--tmux WORD`, where nobody knows whether the word names the session or is the command. */
export function verifySessionNamed(before: string[], command: string[] = []): void {
  const [first = '', ...rest] = command;
  if (before.at(-1) !== '--tmux' || command.length === 0) return;
  // Flags behind the name are of `ws`, as they are behind a name with =.
  const { flags, command: own } = splitFlags(rest);
  const named = sessionLine(first, ['--tmux', ...flags], own, {
    note: 'names the session',
    again: { without: ['--'] },
  });
  const run = sshLine(['--tmux', ...behindDashes(command)], { note: `runs it in session ${TMUX_SESSION}`, again: {} });
  throw failure('BAD_VALUE', {
    message: `${toQuoted(first)} after --tmux may be the session's name or the command`,
    reason: 'a name follows = and a command follows --',
    suggestions: isSessionName(first) ? [named, run] : [run],
  });
}

/** Throws `BAD_VALUE` when tmux is to be seen where there is no terminal. */
export function verifyAttachable(
  name: string,
  words: readonly string[] | undefined,
  terminal: Pick<CliTerminal, 'stdin' | 'stdout'>,
): void {
  const { stdin, stdout } = terminal;
  if (stdin.isTTY === true && stdout.isTTY === true) return;
  throw failure('BAD_VALUE', {
    message: '--tmux needs a terminal',
    reason: `${stdin.isTTY === true ? 'the output' : 'the input'} is none`,
    suggestions: [
      sshLine([`--tmux=${name}`, '--detach', ...behindDashes(words ?? ['COMMAND'])], {
        note: 'starts it, and does not attach',
        again: {},
      }),
      // Whoever has typed a command does not mean one that runs there already.
      ...(words === undefined
        ? [{ ...ws`ssh -- tmux send-keys -t ${`=${name}:`} KEYS`, again: { verb: 'other' } } as const]
        : []),
    ],
  });
}

/** The remote command line. */
export function toTmuxCommand({ name, isDetached, waits, job: command, forwardsAgent, input }: TmuxRequest): string {
  if (waits) return `exec ${quoteWords(['sh', '-c', awaitEnd(name)])}`;
  const steps = forwardsAgent ? [KEEP_AGENT] : [];
  const isThere = `tmux has-session -t "=${name}" 2>/dev/null`;
  if (command === undefined && isDetached)
    steps.push(`if ${isThere}; then exit ${SESSION_EXISTS_STATUS}; fi`, `exec tmux new-session -d -s ${name}`);
  else if (command === undefined) steps.push(`exec tmux new-session -A -s ${name}`);
  else if (isDetached) steps.push(...startJob(name, input));
  else {
    const say = `echo "ws: tmux session ${name} ${NOT_RUN}" >&2`;
    const attach = `exec tmux attach-session -t "=${name}" ";" display-message -d 5000 "${name} ${NOT_RUN}"`;
    steps.push(
      `if ${isThere}; then ${say}; ${attach}; fi`,
      `exec tmux new-session -s ${name}${JOB} ${markRunning(name)}`,
    );
  }
  if (steps.length === 1 && command === undefined) return steps[0] ?? '';
  const words = command === undefined ? [] : ['ws', toTmuxWord(command), RUN_AND_STAY];
  return `exec ${quoteWords(['sh', '-c', steps.join('; '), ...words])}`;
}

const JOB = ' sh -c "$2" ws "$1"';

function startJob(name: string, input: Buffer | undefined): string[] {
  const ended = verifyEnded(name);
  if (input === undefined) return [ended, `${startInPlace(name, '')} || exit`, tellClosed(name)];
  const start = `${startInPlace(name, ' "$input"')} || { rm -f "$input"; exit 1; }`;
  return [ended, ...takeInput(input.length), start, tellClosed(name)];
}
