/** The ReplicaSets of a Deployment, and what the current one says. */
import type { V1Deployment, V1ReplicaSet } from '@kubernetes/client-node';

/** The number of a rollout; 0 where there is none yet. */
export function findRevision({ metadata }: V1Deployment | V1ReplicaSet): number {
  return Number(metadata?.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}

/** Whether this Deployment made it. */
export function isOf({ metadata }: V1ReplicaSet, deployment: V1Deployment): boolean {
  return metadata?.ownerReferences?.some(({ uid }) => uid === deployment.metadata?.uid) ?? false;
}

/** Whether pods are wanted of it. */
export function isWanted({ spec }: V1ReplicaSet): boolean {
  return (spec?.replicas ?? 0) > 0;
}

/** Whether a Deployment says that a pod of it is refused: then its ReplicaSets say why. */
export function isRefused(deployment: V1Deployment): boolean {
  return isSettled(deployment) && findFailure(deployment) !== undefined;
}

/**
 * Why no pod can be made now, as text; undefined where that is not known. The Deployment keeps the words of the first
 * refusal as long as there is any, those of a ReplicaSet included that it has scaled down (deployment_util.go,
 * SetDeploymentCondition). So the current ReplicaSet speaks, unless nobody may list them.
 */
export function findPodFailure(deployment: V1Deployment, sets: V1ReplicaSet[] | undefined): string | undefined {
  if (!isRefused(deployment)) return undefined;
  if (sets === undefined) return findFailure(deployment)?.message;
  const current = sets.find(
    (set) => isOf(set, deployment) && isWanted(set) && findRevision(set) === findRevision(deployment),
  );
  return current === undefined || !isSettled(current) ? undefined : findFailure(current)?.message;
}

function findFailure({ status }: V1Deployment | V1ReplicaSet): { message?: string } | undefined {
  const conditions: { type: string; status: string; message?: string }[] = status?.conditions ?? [];
  return conditions.find((condition) => condition.type === 'ReplicaFailure' && condition.status === 'True');
}

/** Whether its controller has seen it as it is: until then it says what was wrong before. */
function isSettled({ metadata, status }: V1Deployment | V1ReplicaSet): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
}
