import { parseHostKey } from '../../contract/keys/host-key.ts';
import { HOST_KEY_FILE } from '../../contract/paths.ts';
import { diagnose, sceneOf } from '../../workspace/diagnosis/diagnosis.ts';
import { toFingerprint } from '../../workspace/keys/keys.ts';
import { toInfo, type WorkspaceInfo } from '../../workspace/state/info.ts';
import type { EventSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { selectWorkspace } from '../checks/select-workspace.ts';

export interface WorkspaceStatus extends WorkspaceInfo {
  hostKeyFingerprint: string | undefined;
  release: string;
  service: string | undefined;
  /** The newest warnings, oldest first. */
  warnings: EventSnapshot[];
}

const SHOWN_WARNINGS = 5;

/** One workspace in depth. */
export async function status(name: string | undefined, world: World, signal: AbortSignal): Promise<WorkspaceStatus> {
  const snapshot = await selectWorkspace(name, world, signal, { keptHomes: true });
  const secret = await world.cluster
    .findSecret(snapshot.deployment?.hostKeySecret ?? `${snapshot.release}-host-key`, signal)
    .catch(() => undefined);
  // Only where something is wrong does it cost a request more.
  const isFine = diagnose(sceneOf(snapshot)).causes.length === 0;
  const around = isFine ? undefined : await world.cluster.lookAround(signal);
  const privateKey = secret?.get(HOST_KEY_FILE);
  return {
    ...toInfo(snapshot, world.cluster.context, around),
    hostKeyFingerprint: privateKey === undefined ? undefined : findFingerprint(privateKey),
    service:
      snapshot.service === undefined
        ? undefined
        : `${snapshot.service.name}:${snapshot.service.port} (${snapshot.service.type})`,
    warnings: snapshot.events.filter((event) => event.type === 'Warning').slice(-SHOWN_WARNINGS),
  };
}

/** `ws up` complains about a damaged key; here the rest is still worth showing. */
function findFingerprint(privateKey: Buffer): string | undefined {
  try {
    return toFingerprint(parseHostKey(privateKey).blob);
  } catch {
    return undefined;
  }
}
