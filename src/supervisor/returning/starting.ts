/** Shells between their start and their first prompt: what one does then, it does by itself. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { readStat } from '../measures/proc.ts';
import { readStartMs } from '../measures/programs.ts';
import { isPlainShell, readWords } from '../measures/shells.ts';
import { toTerminal } from '../measures/terminals.ts';
import { tryTo } from '../runtime/try-to.ts';

/**
 * A pane's first program: it goes to its folder, shows what the pane showed, and becomes the shell that tmux gives to
 * new panes. What is kept comes as words, which no shell reads.
 */
export const COME_BACK = [
  'cd -- "$1" 2>/dev/null',
  '[ -z "$2" ] || { cat -- "$2" && rm -f -- "$2"; } 2>/dev/null',
  'own=$(/usr/bin/tmux show-options -gv default-command 2>/dev/null)',
  '[ -z "$own" ] || exec "${SHELL:-sh}" -c "$own"',
  'exec "${SHELL:-sh}" -l',
].join('; ');

/** A shell may have much to read before its first prompt. What it then runs for longer is work. */
export const PROMPT_LIMIT_MS = 20_000;

/** The kernel's clocks for a process and for its terminal differ by some milliseconds. */
const SAME_MS = 1000;

const PLACES = { proc: '/proc', terminals: '/dev/pts' };

/**
 * Whether the first program of a terminal is a shell that reads its profile: it is young, or nobody has typed anything
 * yet, as behind a job that has ended. What a profile runs stays in the shell's own process group, and is young itself;
 * a job that somebody starts gets a group of its own. False where the kernel does not say.
 */
export function isStarting(pid: number, below: readonly number[], nowMs: number, places = PLACES): boolean {
  const { proc } = places;
  const isYoung = (each: number) => {
    const startMs = readStartMs(each, nowMs, proc);
    return startMs !== undefined && nowMs - startMs < PROMPT_LIMIT_MS;
  };
  const words = readWords(pid, proc);
  if (!(isPlainShell(words) || words[2] === COME_BACK)) return false;
  const stat = tryTo(() => readStat(pid, proc));
  if (stat?.[5] !== String(pid)) return false;
  // One that has ended meanwhile was none that runs for long.
  const others = below.filter((each) => readStartMs(each, nowMs, proc) !== undefined);
  const isOwn = (each: number) => tryTo(() => readStat(each, proc))?.[2] === String(pid);
  if (!others.every((each) => isOwn(each) && isYoung(each))) return false;
  return isYoung(pid) || isUntouched(pid, toTerminal(Number(stat[4])), nowMs, places);
}

/** Whether nothing was read from a terminal since its first program began. */
function isUntouched(pid: number, terminal: string | undefined, nowMs: number, { proc, terminals }: typeof PLACES) {
  const startMs = readStartMs(pid, nowMs, proc);
  const readMs = terminal === undefined ? undefined : tryTo(() => statSync(path.join(terminals, terminal)))?.atimeMs;
  return startMs !== undefined && readMs !== undefined && readMs < startMs + SAME_MS;
}
