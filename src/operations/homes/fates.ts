/** What became of each thing that a workspace leaves behind: a step each, so that no answer goes without a line. */
import { enumerate } from '../../workspace/errors/enumerate.ts';
import { type Command, ws } from '../../workspace/errors/suggestion.ts';
import type { Unfinished } from '../../workspace/errors/tell-if-interrupted.ts';
import type { ProgressEvent, StepId } from '../../workspace/state/events.ts';
import { whyGoesWithPod } from '../../workspace/state/homes.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import { type Belongings, toBelongings } from './belongings.ts';

/** The steps of what is to be deleted. Nobody waits for what stays, so that its line comes at the end. */
export function listDeletions({ claim, hostKey }: { claim: boolean; hostKey: boolean }): StepId[] {
  return [...(claim ? (['home'] as const) : []), ...(hostKey ? (['host-key-secret'] as const) : [])];
}

/** Of a home that went with its pod. */
export function* tellLost(snapshot: WorkspaceSnapshot): Generator<ProgressEvent, void, void> {
  if (isHomeLost(snapshot)) yield { type: 'finished', step: 'home', fact: { kind: 'lost' } };
}

/** Of all that was not deleted. */
export function* tellKept(
  { claim, unused, hostKey }: Record<'claim' | 'unused' | 'hostKey', string | undefined>,
  deleted: readonly string[],
): Generator<ProgressEvent, void, void> {
  const isKept = (name: string | undefined) => name !== undefined && !deleted.includes(name);
  const kept = (what: string, name = '') => ({ kind: 'kept', what, name }) as const;
  if (isKept(claim)) yield { type: 'finished', step: 'home', fact: kept('claim', claim) };
  if (isKept(unused)) yield { type: 'finished', step: 'earlier-home', fact: kept('claim', unused) };
  if (isKept(hostKey)) yield { type: 'finished', step: 'host-key-secret', fact: kept('Secret', hostKey) };
}

/** Of what this run was to leave, and that is not there any more. */
export function* tellGone(gone: readonly string[]): Generator<ProgressEvent, void, void> {
  if (gone.length === 0) return;
  const text = `Somebody else has deleted ${enumerate(gone, 'and')} meanwhile`;
  yield { type: 'noticed', level: 'warning', notice: { kind: 'text', text } };
}

/** Whether the home goes with its pod. */
export function isHomeLost({ deployment, home }: WorkspaceSnapshot): boolean {
  return deployment !== undefined && whyGoesWithPod(home) !== undefined;
}

export const isAnythingDoomed = ({ isClaimDoomed, keepsHome }: Belongings) => isClaimDoomed || !keepsHome;

/** What this run did not come to: the home and the host key, which may have been to be deleted. */
export function withLeft(
  outcome: string,
  snapshot: WorkspaceSnapshot,
  isToDelete: boolean,
): Unfinished & { suggestions: Command[] } {
  const has = toBelongings(snapshot);
  const left = [has.claim, has.unused, has.hostKey].filter((one) => one !== undefined).join(' and ');
  return isToDelete && isAnythingDoomed(has)
    ? {
        outcome: `${outcome}. Not deleted yet: ${left}`,
        suggestions: [{ ...ws`homes rm ${snapshot.name}`, note: 'deletes it' }],
      }
    : { outcome: `${outcome}. Kept: ${left}`, suggestions: [] };
}
