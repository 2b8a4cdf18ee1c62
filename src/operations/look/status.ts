import { parseServedHostKey } from '../../contract/keys/host-key.ts';
import { diagnose, sceneOf } from '../../workspace/diagnosis/diagnosis.ts';
import type { Job } from '../../workspace/jobs/job.ts';
import { toFingerprint } from '../../workspace/keys/keys.ts';
import type { Activity } from '../../workspace/sleep/activity.ts';
import type { UnendedChange } from '../../workspace/state/cluster-words.ts';
import { toInfo, type WorkspaceInfo } from '../../workspace/state/info.ts';
import { type EventSnapshot, listWarnings, type WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { selectWorkspace } from '../checks/select-workspace.ts';
import { explainClosed } from '../login/explain-refusal.ts';
import { readWork } from '../metrics/read-activity.ts';

export interface WorkspaceStatus extends WorkspaceInfo {
  hostKeyFingerprint: string | undefined;
  release: string;
  service: string | undefined;
  /** What its pod asks for and may have, as Kubernetes has them; undefined where there is nothing that says so. */
  cpu: Amount | undefined;
  memory: Amount | undefined;
  /** Undefined where it is not ready, or does not say. */
  activity: Activity | undefined;
  /** Commands that were started in tmux sessions; undefined likewise. */
  jobs: Job[] | undefined;
  /** The newest warnings, oldest first. */
  warnings: EventSnapshot[];
}

/** Undefined is none: it asks for nothing, or may have what its node has. */
export interface Amount {
  request: string | undefined;
  limit: string | undefined;
}

const SHOWN_WARNINGS = 5;

/** One workspace in depth. */
export async function status(name: string | undefined, world: World, signal: AbortSignal): Promise<WorkspaceStatus> {
  const snapshot = await selectWorkspace(name, world, signal, { keptHomes: true });
  const [secret, { activity, jobs }, changes, closed] = await Promise.all([
    world.cluster
      .findSecret(snapshot.deployment?.hostKeySecret ?? `${snapshot.release}-host-key`, signal)
      .catch(() => undefined),
    readWork(snapshot, world, signal),
    // Beside the others it costs no time. Whatever stands in its way, the rest is worth showing.
    world.cluster.listUnended(signal).catch(() => []),
    explainClosed(snapshot, world, signal),
  ]);
  // Only where something is wrong does it cost a request more.
  const isFine = diagnose(sceneOf(snapshot)).causes.length === 0;
  const seen = {
    ...(isFine ? {} : { around: await world.cluster.lookAround(signal) }),
    ...(closed === undefined ? {} : { failure: closed }),
  };
  return {
    ...toInfo(withUnended(snapshot, changes), world.cluster.context, seen),
    hostKeyFingerprint: findFingerprint(secret),
    service:
      snapshot.service === undefined
        ? undefined
        : `${snapshot.service.name}:${snapshot.service.port} (${snapshot.service.type})`,
    cpu: findAmount(snapshot, 'cpu'),
    memory: findAmount(snapshot, 'memory'),
    activity,
    jobs,
    warnings: listWarnings(snapshot.events).slice(-SHOWN_WARNINGS),
  };
}

function withUnended(snapshot: WorkspaceSnapshot, changes: UnendedChange[]): WorkspaceSnapshot {
  const status = changes.find(({ release }) => release === snapshot.release)?.status;
  return status === undefined || status === 'uninstalling' ? snapshot : { ...snapshot, unended: status };
}

/** Of the pod that is there: a change may wait for its next start. */
function findAmount({ pod, deployment }: WorkspaceSnapshot, resource: string): Amount | undefined {
  const wants = pod?.wants ?? deployment?.wants;
  return wants === undefined ? undefined : { request: wants.requests[resource], limit: wants.limits[resource] };
}

/** `ws up` complains about a damaged key; here the rest is still worth showing. */
function findFingerprint(entries: ReadonlyMap<string, Buffer> | undefined): string | undefined {
  try {
    const key = parseServedHostKey(entries);
    return key === undefined ? undefined : toFingerprint(key.blob);
  } catch {
    return undefined;
  }
}
