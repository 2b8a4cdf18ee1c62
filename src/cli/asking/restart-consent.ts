import { formatAge } from '../../report/results/units.ts';
import type { InUse } from '../../workspace/in-use.ts';
import { formatLocalClock } from '../../workspace/sleep/local-time.ts';
import type { Consent } from './consent.ts';

/** What `ws up` asks before it restarts a workspace in which somebody may work, and why it has to. */
export function toRestartConsent(workspace: string, inUse: InUse, nowMs: number, why?: string): Consent {
  return {
    facts: [...(why === undefined ? [] : [why]), ...describeInUse(workspace, inUse, nowMs)],
    deed: `restart workspace ${workspace}, which ends what runs in it`,
    undone: `Nothing was changed, and workspace ${workspace} goes on as it is`,
  };
}

/** What would end, a sentence each; none where nobody works there. */
export function describeInUse(workspace: string, inUse: InUse, nowMs: number): string[] {
  switch (inUse.kind) {
    case 'nobody':
      return [];
    case 'unknown':
      return [`Whether anybody works in workspace ${workspace} cannot be told: ${inUse.why}`];
    case 'somebody': {
      const { sessions, sinceMs, detached } = inUse;
      const since = sinceMs === undefined ? '' : describeSince(sessions, sinceMs, nowMs);
      const one = since === '' ? 'session is' : 'session has been';
      const parts = [
        ...(sessions === 0 ? [] : [`${count(sessions, one, 'sessions are')} open${since}`]),
        ...((detached ?? 0) === 0 ? [] : [describeDetached(detached ?? 0, sessions)]),
        ...(detached === undefined ? ['what runs without one, its older image does not say'] : []),
      ];
      return [`In workspace ${workspace}, ${parts.join('; ')}`];
    }
  }
}

function describeDetached(detached: number, sessions: number): string {
  const without = sessions === 0 ? 'a session' : 'one';
  return `${count(detached, 'program runs', 'programs run')} without ${without}, as in tmux`;
}

function describeSince(sessions: number, sinceMs: number, nowMs: number): string {
  const age = formatAge(new Date(sinceMs).toISOString(), nowMs);
  return `${sessions === 1 ? '' : ', the oldest'} since ${formatLocalClock(sinceMs, nowMs)} (${age} ago)`;
}

function count(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`;
}
