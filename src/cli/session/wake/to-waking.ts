import type { WakeRule, Waking } from '../../../workspace/sleep/waking.ts';
import type { CliTerminal } from '../../terminal/terminal.ts';
import { notePresence, wasPresent } from '../../wiring/presence.ts';

/** Notes that somebody is at a terminal, if so: an editor that this person starts next may wake what sleeps. */
export function toWaking(rule: WakeRule, terminal: Pick<CliTerminal, 'stdin' | 'stderr'>): Waking {
  // What OpenSSH starts as a ProxyCommand has the terminal as its stderr alone.
  const isAtTerminal = terminal.stdin.isTTY === true || terminal.stderr.isTTY === true;
  if (isAtTerminal) notePresence();
  return { rule, isByPerson: () => isAtTerminal || wasPresent() };
}
