/** Which part of a scene a cause is about. */
import type { ErrorCode } from '../errors/errors.ts';
import type { EndingPod, PodSnapshot, PodWants, WorkspaceSnapshot } from '../state/snapshot.ts';
import type { Finding } from './cause.ts';
import type { Scene } from './scene.ts';

/** The pod that is to become ready, in a workspace that is as it should be. */
export function findStarting({ snapshot }: Scene): { pod: PodSnapshot; snapshot: WorkspaceSnapshot } | undefined {
  if (snapshot === undefined || !isMeantToRun(snapshot)) return undefined;
  const { pod } = snapshot;
  return pod === undefined || pod.ready ? undefined : { pod, snapshot };
}

function isMeantToRun({ deployment }: WorkspaceSnapshot): boolean {
  return deployment !== undefined && deployment.damage === undefined && deployment.replicas > 0;
}

/** Pods that were deleted, while they are what the next one waits for. */
export function listEnding({ snapshot }: Scene): EndingPod[] {
  if (snapshot === undefined || snapshot.deployment?.damage !== undefined) return [];
  return snapshot.deployment !== undefined && snapshot.pod !== undefined ? [] : snapshot.endingPods;
}

/** The words with which the API server refuses an object of the workspace: to the ReplicaSet, or to us. */
export function findRefusal({ snapshot, failure, change }: Scene): string | undefined {
  if (failure !== undefined) return failure.reason;
  // What was refused before says nothing of the amounts of now.
  if (change !== undefined) return undefined;
  if (snapshot === undefined || !isMeantToRun(snapshot) || snapshot.pod !== undefined) return undefined;
  return snapshot.deployment?.failure;
}

/** What the pod asks for, as it is or as it would be made. */
export function findWants({ snapshot, change }: Scene): PodWants | undefined {
  const wants = snapshot?.pod?.wants ?? snapshot?.deployment?.wants;
  if (wants === undefined || change === undefined) return wants;
  const { limits, requests } = change.to;
  return { ...wants, limits: { ...wants.limits, ...limits }, requests: { ...wants.requests, ...requests } };
}

/** The kubelet's own reason for not starting the container (pkg/kubelet/images/types.go, container/sync_result.go). */
export function findWaiting({ container }: PodSnapshot): { reason: string; message: string } | undefined {
  if (container?.state !== 'waiting' || container.reason === undefined) return undefined;
  return { reason: container.reason, message: container.message ?? container.reason };
}

/** An error that says the cause itself, as a finding of it. */
export function findFailure({ failure }: Scene, ...codes: ErrorCode[]): Finding[] {
  if (failure === undefined || !codes.includes(failure.code)) return [];
  const { code, message, reason, suggestions } = failure;
  const whole = reason === undefined ? message : `${message}: ${reason}`;
  return [{ reason: code, message: whole, evidence: [], suggestions: [...suggestions], unseen: [] }];
}
