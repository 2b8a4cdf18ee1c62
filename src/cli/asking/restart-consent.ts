import { formatAge } from '../../report/results/units.ts';
import type { InUse } from '../../workspace/in-use.ts';
import type { Consent } from './consent.ts';

/** What `ws up` asks before it restarts a workspace in which somebody may work. */
export function toRestartConsent(workspace: string, inUse: InUse, nowMs: number): Consent {
  return {
    facts: describeInUse(workspace, inUse, nowMs),
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
      const parts = [
        ...(sessions === 0 ? [] : [`${count(sessions, 'session is', 'sessions are')} open${since}`]),
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
  const at = new Date(sinceMs);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const day = at.toDateString() === new Date(nowMs).toDateString() ? '' : `${toDay(at)} `;
  return `${sessions === 1 ? '' : ', the oldest'} since ${day}${time} (${formatAge(at.toISOString(), nowMs)} ago)`;
}

function toDay(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function count(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`;
}
