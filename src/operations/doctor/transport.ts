/** Whether a stream to a pod comes through, and on which way: proxies let requests pass, and perhaps no WebSocket. */

import { ws } from '../../workspace/errors/suggestion.ts';
import { toEndpoint } from '../../workspace/state/endpoint.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import { describeNotTaken, nameWay, type WayTaken } from '../../workspace/ways/ways.ts';
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
  let taken: WayTaken = { way: 'websocket', instead: [], isRemembered: false };
  const onWay = (found: WayTaken) => {
    taken = found;
  };
  const stream = await cluster.openPodStream(pod, sshPort, signal, { speaksFirst: true, probes: true, onWay });
  try {
    const way = `${nameWay(taken.way)} to ${workspace}`;
    return (await hasGreeting(stream, signal))
      ? good([`${way}, where the server greets`, ...taken.instead.map(describeNotTaken)].join('; '))
      : bad(`${way} opens, and its server says nothing`, { ...ws`status`, workspace });
  } finally {
    stream.destroy();
  }
}
