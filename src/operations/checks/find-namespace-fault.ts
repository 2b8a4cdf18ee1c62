import type { WorkspaceError } from '../../workspace/errors/errors.ts';
import { namespaceMissing } from '../../workspace/errors/missing-namespace.ts';
import type { World } from '../../workspace/world.ts';

/**
 * Where nothing was found: whether the namespace is there at all. Undefined where it is, or nobody may say so: then it
 * is the workspace that is missing. `workspace` is the one that `ws up` would make there; undefined where something is
 * to go.
 */
export async function findNamespaceFault(
  workspace: string | undefined,
  world: World,
  signal: AbortSignal,
): Promise<WorkspaceError | undefined> {
  if ((await world.cluster.findNamespace(signal)) !== undefined) return undefined;
  return getNamespaceMissing(workspace, world, signal, false);
}

/**
 * Throws `NAMESPACE_MISSING`, so that whoever mistyped a namespace is not told that nothing is in it. For answers that
 * are empty: to ask each time would cost a request.
 */
export async function verifyNamespace(workspace: string | undefined, world: World, signal: AbortSignal): Promise<void> {
  const fault = await findNamespaceFault(workspace, world, signal);
  if (fault !== undefined) throw fault;
}

/** The error for a namespace that is not there. `isWanted`: the command would make a workspace in it. */
export async function getNamespaceMissing(
  workspace: string | undefined,
  world: World,
  signal: AbortSignal,
  isWanted = true,
) {
  const { cluster } = world;
  // A hint is not worth another error.
  const others = await cluster.findNamespaces(signal).catch(() => undefined);
  return namespaceMissing(workspace, cluster.namespace, others, isWanted);
}
