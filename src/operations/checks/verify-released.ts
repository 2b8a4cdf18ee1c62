import { INSTANCE_LABEL } from '../../contract/labels.ts';
import { failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { advice, kubectl } from '../../workspace/errors/suggestion.ts';
import { toScaleUp } from '../../workspace/sleep/start-again.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/**
 * Whether Helm has the release of this workspace; false only where nothing stands that it could hold. Throws
 * `RELEASE_FOREIGN` for a workspace whose objects stand without one: Helm can neither change nor remove them.
 */
export async function verifyReleased(
  { name, release, deployment }: WorkspaceSnapshot,
  world: World,
  signal: AbortSignal,
): Promise<boolean> {
  if ((await world.releases.find(release, signal)) !== undefined) return true;
  // Somebody else may have taken it down since it was looked at.
  const now = deployment === undefined ? undefined : await world.cluster.findWorkspace(name, signal);
  if (now?.deployment === undefined) return false;
  throw failure('RELEASE_FOREIGN', {
    message: `Workspace ${name} is not for ws to change: Helm did not install it`,
    reason: `There is no Helm release ${release}; its objects were applied from a file or by another tool. Nothing was changed`,
    suggestions: [
      ...(now.deployment.replicas === 0 ? [{ ...toScaleUp(now.deployment.name), note: 'starts it again' }] : []),
      advice('Change or remove it where it was applied from'),
      {
        ...kubectl`delete deployment,service,configmap --selector ${INSTANCE_LABEL}=${release}`,
        note: 'takes it down, unless a tool applies it again; its home claim, host key, keys and the account of idle stay',
      },
    ],
  });
}

/** The release is gone, but a Deployment of the workspace still stands. */
export function standsOn({ name, release }: WorkspaceSnapshot): WorkspaceError {
  return failure('RELEASE_FOREIGN', {
    message: `Workspace ${name} still stands`,
    reason: `Helm removed release ${release}, but the Deployment is there: another tool has made it again, or something holds it`,
    suggestions: [kubectl`get deployment --selector ${INSTANCE_LABEL}=${release} --output yaml`],
  });
}
