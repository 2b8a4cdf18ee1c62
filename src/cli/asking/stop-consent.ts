import { isLosing } from '../../operations/stop.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { Consent } from './consent.ts';

/** What `ws stop` asks before it ends what others do, or loses a home; undefined where it does neither. */
export function toStopConsent(snapshot: WorkspaceSnapshot, facts: string[]): Consent | undefined {
  const loses = isLosing(snapshot);
  if (facts.length === 0 && !loses) return undefined;
  const deed = `stop workspace ${snapshot.name}, which ends what runs in it`;
  return {
    facts,
    deed: loses ? `${deed}, and lose its home, which goes with its pod` : deed,
    undone: `Nothing was changed, and workspace ${snapshot.name} goes on as it is`,
  };
}
