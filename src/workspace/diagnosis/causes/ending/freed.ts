/**
 * What the workspace's own pods still have while they end. It is theirs until they are gone, and the next pod's then:
 * whoever waits for it has to wait, and nothing is wrong.
 */
import type { EndingPod } from '../../../state/snapshot.ts';
import type { Scene } from '../../scene.ts';
import { toNumber } from '../../words/quantity.ts';

/**
 * In cores, bytes or pieces, of a resource as quotas name it: `limits.cpu`, `requests.memory`, `memory`, `count/pods`.
 */
export function countFreed(resource: string, { snapshot }: Scene): number {
  return sum(snapshot?.endingPods ?? [], resource);
}

/** What of a node's room comes back to it, by its name. */
export function countFreedOn(node: string, resource: string, { snapshot }: Scene): number {
  return sum(
    (snapshot?.endingPods ?? []).filter((pod) => pod.node === node),
    resource,
  );
}

function sum(pods: EndingPod[], resource: string): number {
  if (/^(?:count\/)?pods$/.test(resource)) return pods.length;
  const { kind, name = '' } = /^(?<kind>limits\.|requests\.|)(?<name>[a-z-]+)$/.exec(resource)?.groups ?? {};
  const which = kind === 'limits.' ? 'limits' : 'requests';
  return pods.reduce((total, { wants }) => total + (toNumber(wants?.[which][name]) ?? 0), 0);
}
