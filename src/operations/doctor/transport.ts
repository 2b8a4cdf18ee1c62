/** Whether a stream to a pod comes through: proxies and gateways let requests pass, and no WebSocket. */

import { ws } from '../../workspace/errors/suggestion.ts';
import { toEndpoint } from '../../workspace/state/endpoint.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { Cluster } from '../../workspace/world.ts';
import { hasGreeting } from '../ready/greeting.ts';
import { bad, good, type Judgement } from './examine.ts';

export async function judgeTransport(
  cluster: Pick<Cluster, 'openPodStream'>,
  workspaces: WorkspaceSnapshot[],
  signal: AbortSignal,
): Promise<Judgement> {
  const ready = workspaces.flatMap((workspace) => toEndpoint(workspace) ?? []);
  const [endpoint] = ready;
  if (endpoint === undefined) return good('not tried: no workspace is ready here');
  const { workspace, pod, sshPort } = endpoint;
  const stream = await cluster.openPodStream(pod, sshPort, signal);
  try {
    return (await hasGreeting(stream, signal))
      ? good(`a WebSocket through the API server to ${workspace}, where the server greets`)
      : bad(`a WebSocket to ${workspace} opens, and its server says nothing`, { ...ws`status`, workspace });
  } finally {
    stream.destroy();
  }
}
