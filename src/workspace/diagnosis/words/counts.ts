/** Objects as quotas count them (pkg/quota/v1/generic/evaluator.go). */
import type { Quantities } from '../scene.ts';

/** Resources by kind, of all that the chart writes and of what a Deployment makes. */
const RESOURCES: Record<string, string> = {
  Deployment: 'deployments.apps',
  ReplicaSet: 'replicasets.apps',
  Pod: 'pods',
  Service: 'services',
  Secret: 'secrets',
  ConfigMap: 'configmaps',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  PodMonitor: 'podmonitors.monitoring.coreos.com',
};

/** How many of each resource these kinds are: those without a group have a former name as well. */
export function countObjects(kinds: readonly string[]): Quantities {
  const counted = Map.groupBy(
    kinds.flatMap((kind) => RESOURCES[kind] ?? []),
    (resource) => resource,
  );
  return Object.fromEntries(
    [...counted].flatMap(([resource, { length }]) =>
      [`count/${resource}`, ...(resource.includes('.') ? [] : [resource])].map((name) => [name, String(length)]),
    ),
  );
}
