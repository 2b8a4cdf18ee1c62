import { isDeepStrictEqual } from 'node:util';
import { hasCode } from '../../workspace/errors/errors.ts';
import type { InUse } from '../../workspace/in-use.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import type { Asker } from '../choices/asker.ts';

/** Who may say yes to a restart. */
export type RestartAsker = Pick<Asker, 'who' | 'agreeToRestart'>;

/** A write of a release that stands. */
export interface Rewrite {
  workspace: string;
  release: string;
  found: WorkspaceSnapshot;
  values: object;
  valuesFiles: string[];
  asker: RestartAsker;
}

/** Asks whether the pod may be restarted, where this would, and where somebody may be working in it. */
export async function agreeToRestart(rewrite: Rewrite, inUse: InUse, world: World, signal: AbortSignal): Promise<void> {
  // Who disturbs nobody need not wait for the answer.
  if (inUse.kind === 'nobody') return;
  if (await wouldRestart(rewrite, world, signal)) await rewrite.asker.agreeToRestart(rewrite.workspace, inUse);
}

/** Whether the write changes the template of the pod. What cannot be told counts as yes. */
export async function wouldRestart(
  { release, found, values, valuesFiles }: Omit<Rewrite, 'workspace' | 'asker'>,
  world: World,
  signal: AbortSignal,
): Promise<boolean> {
  const deployment = found.deployment?.name ?? release;
  try {
    const { before, after } = await world.releases.preview(release, values, { valuesFiles, deployment }, signal);
    if (after === undefined || !isDeepStrictEqual(before, after)) return true;
    // Somebody may have changed the Deployment itself: Helm puts back what its manifest says.
    return await world.cluster.wouldChangePods(deployment, after, signal);
  } catch (error) {
    if (hasCode(error, 'WORKSPACE_BUSY', 'NOT_PERMITTED')) return true;
    throw error;
  }
}
