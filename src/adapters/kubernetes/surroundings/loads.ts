/** What pods ask of their nodes, as the scheduler counts it (component-helpers, resource/helpers.go). Pure. */
import type { V1Container, V1Pod } from '@kubernetes/client-node';
import type { LoadSight } from '../../../workspace/diagnosis/scene.ts';
import { toNumber } from '../../../workspace/diagnosis/words/quantity.ts';
import { parseObjectName, toQuantities } from '../../../workspace/state/cluster-words.ts';

/** Of one pod. */
export interface PodLoad {
  node: string | undefined;
  cpu: number;
  memory: number;
  storage: number;
}

export function toPodLoad({ spec }: V1Pod): PodLoad {
  const list = spec?.initContainers ?? [];
  // A sidecar starts first and stays; the others have ended before the containers start.
  const sidecars = list.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const first = list.filter(({ restartPolicy }) => restartPolicy !== 'Always');
  const overhead = toQuantities(spec?.overhead);
  const count = (resource: string) => {
    const ask = ({ resources }: V1Container) => toNumber(toQuantities(resources?.requests)[resource]) ?? 0;
    const sum = (containers: V1Container[]) => containers.reduce((total, one) => total + ask(one), 0);
    const ordinary = sum(spec?.containers ?? []) + sum(sidecars);
    return Math.max(ordinary, sum(sidecars) + Math.max(0, ...first.map(ask))) + (toNumber(overhead[resource]) ?? 0);
  };
  return {
    node: parseObjectName(spec?.nodeName),
    cpu: count('cpu'),
    memory: count('memory'),
    storage: count('ephemeral-storage'),
  };
}

/** Together, by node. */
export function sumLoads(pods: PodLoad[]): LoadSight[] {
  const sums = new Map<string, LoadSight>();
  for (const { node, cpu, memory, storage } of pods) {
    if (node === undefined) continue;
    const before = sums.get(node) ?? { node, pods: 0, cpu: 0, memory: 0, storage: 0 };
    sums.set(node, {
      node,
      pods: before.pods + 1,
      cpu: before.cpu + cpu,
      memory: before.memory + memory,
      storage: before.storage + storage,
    });
  }
  return [...sums.values()];
}
