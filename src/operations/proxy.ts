import type { Duplex } from 'node:stream';
import { failure } from '../workspace/errors.ts';
import type { World } from '../workspace/world.ts';
import { awaitReady } from './steps/await-ready.ts';
import { pinHostKey } from './steps/pin-host-key.ts';
import { selectWorkspace } from './steps/select-workspace.ts';
import { verifyRunning } from './steps/verify-running.ts';

/** Raw bytes to a workspace's SSH server, with its host key pinned first, for OpenSSH's ProxyCommand. */
export async function openProxy(
  name: string | undefined,
  waitTimeoutMs: number,
  world: World,
  signal: AbortSignal,
): Promise<Duplex> {
  const snapshot = await selectWorkspace(name, world, signal);
  verifyRunning(snapshot);
  let ready = { snapshot, pod: snapshot.pod };
  if (ready.pod?.ready !== true) {
    const waiting = awaitReady(snapshot.name, world, waitTimeoutMs, signal);
    for (let next = await waiting.next(); ; next = await waiting.next()) {
      if (next.done !== true) continue;
      ready = next.value;
      break;
    }
  }
  const { pod, snapshot: now } = ready;
  if (pod === undefined || now.deployment === undefined)
    throw failure('WORKSPACE_MISSING', { message: `Workspace ${snapshot.name} is gone` });
  const [stream] = await Promise.all([
    world.cluster.openPodStream(pod.name, now.deployment.sshPort, signal),
    pinHostKey(now, world, signal),
  ]);
  return stream;
}
