import { toNumber } from '../../workspace/diagnosis/words/quantity.ts';
import { interrupted, WorkspaceError } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import type { Amounts } from '../../workspace/state/cluster-pods.ts';
import type { Permission, World } from '../../workspace/world.ts';

/** What a resize needs besides what `ws up` needs. docs/role.yaml has both. */
const PERMISSIONS: Permission[] = [
  { group: '', resource: 'pods', subresource: 'resize', verb: 'patch' },
  { group: 'apps', resource: 'replicasets', verb: 'patch' },
];

/** A node does it in a second, or waits for room. */
export const RESIZE_LIMIT_MS = 5_000;

const LOOK_MS = 250;

/** Why a pod has not the amounts. It is as it was. */
export interface Unresized {
  why: string;
  /** What the API server said, where it refuses them itself and no node was asked. */
  refusal?: WorkspaceError;
}

/** Undefined when the pod has the amounts. The user may resize it. */
export async function resize(
  pod: string,
  { from, to }: { from: Amounts; to: Amounts },
  world: World,
  signal: AbortSignal,
): Promise<Unresized | undefined> {
  const { cluster } = world;
  let why: string | undefined;
  let refusal: WorkspaceError | undefined;
  try {
    await cluster.pods.resize(pod, to, signal);
    why = await awaitResize(pod, isLessMemory({ from, to }), world, signal);
  } catch (error) {
    if (!(error instanceof WorkspaceError) || error.code === 'INTERRUPTED') throw error;
    // Kubernetes before 1.33 has no such thing, and a class of pods may not change.
    why = error.reason ?? toReason(error, 'address');
    if (error.code === 'NOT_PERMITTED') refusal = error;
  }
  // Half a change helps nobody.
  if (why !== undefined) await cluster.pods.resize(pod, from, signal).catch(() => undefined);
  if (why === undefined) return undefined;
  return refusal === undefined ? { why } : { why, refusal };
}

export async function isResizeAllowed({ cluster }: World, signal: AbortSignal): Promise<boolean> {
  return (await cluster.findMissingPermissions(PERMISSIONS, signal)).length === 0;
}

async function awaitResize(
  pod: string,
  mayNeedMore: boolean,
  world: World,
  signal: AbortSignal,
): Promise<string | undefined> {
  const endMs = world.clock.nowMs() + RESIZE_LIMIT_MS;
  while (world.clock.nowMs() < endMs) {
    const state = await world.cluster.pods.findResize(pod, signal);
    if (state.kind === 'done') return undefined;
    if (state.kind === 'refused') return state.why;
    await world.clock.sleep(LOOK_MS, signal);
  }
  if (signal.aborted) throw interrupted();
  // The kubelet says this in an event alone. It counts what the kernel keeps of files, too.
  const perhaps = mayNeedMore ? '; more memory may be in use than that, file cache included' : '';
  return `its node has not done it within ${RESIZE_LIMIT_MS / 1000} s${perhaps}`;
}

/** A node does this only where no more than that is in use, which it alone knows. */
export function isLessMemory({ from, to }: { from: Amounts; to: Amounts }): boolean {
  const toLimit = ({ limits }: Amounts) => toNumber(limits?.['memory']);
  return (toLimit(to) ?? Number.POSITIVE_INFINITY) < (toLimit(from) ?? 0);
}
