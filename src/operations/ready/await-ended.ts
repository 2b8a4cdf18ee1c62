import { diagnose, sceneOf } from '../../workspace/diagnosis/diagnosis.ts';
import type { ProgressEvent, StepId } from '../../workspace/state/events.ts';
import { toTrouble } from '../../workspace/state/info.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/** How long a pod may take to end. */
export const END_TIMEOUT_MS = 120_000;

/**
 * Waits until a workspace that was scaled to 0, or whose release is gone, has no pod any more, or until somebody starts
 * it. Says each cause of trouble once. Does not wait for a pod that only a finalizer holds: its programs have ended.
 * False when the time is over: what holds the pod then, no waiting mends.
 */
export async function* awaitEnded(
  workspace: string,
  step: StepId,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, boolean, void> {
  const limit = AbortSignal.timeout(END_TIMEOUT_MS);
  let said: string | undefined;
  let stood = false;
  try {
    for await (const now of world.cluster.watchWorkspace(workspace, AbortSignal.any([signal, limit]))) {
      const pod = now.pod?.name ?? now.endingPods[0]?.name;
      const isRemoved = stood && now.deployment === undefined;
      stood ||= now.deployment !== undefined;
      if (pod === undefined || isRemoved || (now.deployment?.replicas ?? 0) > 0 || isHeldAlone(now)) return true;
      yield { type: 'advanced', step, fact: { kind: 'terminating', pod } };
      const [found] = diagnose(sceneOf(now)).causes;
      if (found === undefined || found.code === said) continue;
      said = found.code;
      yield { type: 'noticed', level: 'warning', notice: { kind: 'trouble', ...toTrouble(found) } };
    }
  } catch (error) {
    if (!limit.aborted || signal.aborted) throw error;
  }
  return false;
}

/** Nothing of it runs, so nothing of it writes. */
function isHeldAlone({ pod, endingPods }: WorkspaceSnapshot): boolean {
  return pod === undefined && endingPods.every(({ isRunning, finalizers }) => !isRunning && finalizers.length > 0);
}
