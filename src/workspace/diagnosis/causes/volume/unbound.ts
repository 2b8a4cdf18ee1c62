/** The home's claim, while no volume has come for it. */
import type { ClaimSnapshot, EventSnapshot, WorkspaceSnapshot } from '../../../state/snapshot.ts';
import { findStarting } from '../../parts.ts';
import type { Scene } from '../../scene.ts';

export interface Unbound {
  claim: ClaimSnapshot;
  snapshot: WorkspaceSnapshot;
  events: EventSnapshot[];
  warning: EventSnapshot | undefined;
}

export function findUnbound(scene: Scene): Unbound | undefined {
  const { snapshot } = findStarting(scene) ?? {};
  if (snapshot?.home.kind !== 'claim') return undefined;
  const { claim } = snapshot.home;
  if (claim.phase !== 'Pending') return undefined;
  const events = snapshot.events.filter(({ object }) => object === `PersistentVolumeClaim/${claim.name}`);
  // A success after it, and the complaint is a matter of the past.
  const last = events.findLast(({ type, reason }) => type === 'Warning' || reason === 'ProvisioningSucceeded');
  return { claim, snapshot, events, warning: last?.type === 'Warning' ? last : undefined };
}
