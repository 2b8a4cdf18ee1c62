import { DEFAULT_WAKE, findWakeRule, type WakeRule, type Waking } from '../../../workspace/sleep/waking.ts';
import { peekSettings } from '../../here/peek-settings.ts';
import type { CliTerminal } from '../../terminal/terminal.ts';
import { notePresence, wasPresent } from '../../wiring/presence.ts';

/**
 * Notes that somebody is at a terminal, if so: an editor that this person starts next may wake what sleeps. Without a
 * rule from words or environment the setting holds, which is read only where something sleeps.
 */
export function toWaking(rule: WakeRule | undefined, terminal: Pick<CliTerminal, 'stdin' | 'stderr'>): Waking {
  // What OpenSSH starts as a ProxyCommand has the terminal as its stderr alone.
  const isAtTerminal = terminal.stdin.isTTY === true || terminal.stderr.isTTY === true;
  if (isAtTerminal) notePresence();
  return {
    get rule() {
      return rule ?? findWakeRule(String(peekSettings()?.['wake'])) ?? DEFAULT_WAKE;
    },
    isByPerson: () => isAtTerminal || wasPresent(),
  };
}
