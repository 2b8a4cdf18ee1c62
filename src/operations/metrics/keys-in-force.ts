import { createHash } from 'node:crypto';
import { KEYS_ANNOTATION } from '../../contract/labels.ts';
import { AUTHORIZED_KEYS_LABEL, AUTHORIZED_KEYS_METRIC } from '../../contract/metrics.ts';
import { AUTHORIZED_KEYS_FILE } from '../../contract/paths.ts';
import { hasCode, WorkspaceError } from '../../workspace/errors/errors.ts';
import { tellIfInterrupted } from '../../workspace/errors/tell-if-interrupted.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { World } from '../../workspace/world.ts';
import { selectWorkspace } from '../checks/select-workspace.ts';
import { readMetrics } from './read-metrics.ts';

/** A kubelet brings a changed Secret within 90 seconds by itself, and within two if somebody makes it look. */
const TOLD_LIMIT_MS = 20_000;

const LOOK_MS = 500;

/** When a change of the keys counts. */
export type InForce =
  | { kind: 'now' }
  /** It could not be seen. */
  | { kind: 'soon' }
  /** No pod runs. */
  | { kind: 'at-start' };

/** Waits as the step `keys` does, for whoever has planned it. Throws `INTERRUPTED` alone. */
export async function* bringInForce(
  workspace: string,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, InForce, void> {
  yield { type: 'started', step: 'keys' };
  const inForce = await tellIfInterrupted('It is changed; the workspace notices within 90 seconds', () =>
    look(workspace, world, signal),
  );
  yield { type: 'finished', step: 'keys', fact: { kind: 'keys', inForce: inForce.kind } };
  return inForce;
}

async function look(workspace: string, world: World, signal: AbortSignal): Promise<InForce> {
  const { deployment, pod, namespace } = await selectWorkspace(workspace, world, signal);
  const secret = deployment?.authorizedKeysSecret;
  if (pod?.container?.state !== 'running' || secret === undefined) return { kind: 'at-start' };
  const text = (await world.cluster.findSecret(secret, signal))?.get(AUTHORIZED_KEYS_FILE);
  if (text === undefined) return { kind: 'soon' };
  const wanted = createHash('sha256').update(text).digest('hex');
  const at = { pod: pod.name, namespace };
  if ((await isRead(wanted, at, world, signal)) === true) return { kind: 'now' };
  if (!(await isTold(pod.name, wanted, world, signal))) return { kind: 'soon' };
  const endMs = world.clock.nowMs() + TOLD_LIMIT_MS;
  while (world.clock.nowMs() < endMs) {
    await world.clock.sleep(LOOK_MS, signal);
    const isThere = await isRead(wanted, at, world, signal);
    if (isThere === true) return { kind: 'now' };
    if (isThere === undefined) break;
  }
  return { kind: 'soon' };
}

/** Undefined where the server does not say: it does not answer, or its image is older. */
async function isRead(
  wanted: string,
  at: { pod: string; namespace: string },
  world: World,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    const labels = (await readMetrics(at, world, signal)).get(AUTHORIZED_KEYS_METRIC)?.labels;
    return labels === undefined ? undefined : labels === `${AUTHORIZED_KEYS_LABEL}="${wanted}"`;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

/** The kubelet looks at a pod again after any change to it. */
async function isTold(pod: string, wanted: string, world: World, signal: AbortSignal): Promise<boolean> {
  try {
    await world.cluster.pods.annotate(pod, { [KEYS_ANNOTATION]: wanted.slice(0, 16) }, signal);
    return true;
  } catch (error) {
    if (!(error instanceof WorkspaceError) || hasCode(error, 'INTERRUPTED')) throw error;
    return false;
  }
}
