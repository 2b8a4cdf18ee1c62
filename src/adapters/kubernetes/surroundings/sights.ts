/** Cuts what is around a workspace down to what a cause needs. Pure. */
import type {
  V1LimitRange,
  V1Node,
  V1NodeSelectorTerm,
  V1PersistentVolume,
  V1Pod,
  V1ResourceQuota,
  V1Taint,
} from '@kubernetes/client-node';
import type {
  LimitSight,
  NodeSight,
  PodSight,
  QuotaSight,
  TaintSight,
  VolumeSight,
} from '../../../workspace/diagnosis/scene.ts';
import {
  getObjectName,
  parseImageName,
  parseLabelKey,
  parseLabelValue,
  parseObjectName,
  parseReason,
  toLabels,
  toQuantities,
} from '../../../workspace/state/cluster-words.ts';
import { findWorkspaceName } from '../../../workspace/state/selectors.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;
const READY = { True: 'yes', False: 'no', Unknown: 'unknown' } as const;

export function toNodeSight(node: V1Node): NodeSight {
  const { spec, status } = node;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  const { operatingSystem, architecture } = status?.nodeInfo ?? {};
  const platform = /^[a-z0-9]{1,20}\/[a-z0-9]{1,20}$/.exec(`${operatingSystem}/${architecture}`)?.[0];
  return {
    name: getObjectName(node),
    labels: toLabels(node.metadata?.labels),
    taints: (spec?.taints ?? []).flatMap(toTaint),
    isCordoned: spec?.unschedulable === true,
    ready: READY[ready as keyof typeof READY] ?? 'unknown',
    platform,
    allocatable: toQuantities(status?.allocatable),
    images: (status?.images ?? []).flatMap(({ names }) => (names ?? []).flatMap((name) => parseImageName(name) ?? [])),
  };
}

function toTaint({ key: anyKey, value: anyValue, effect: anyEffect }: V1Taint): TaintSight[] {
  const [key, value] = [parseLabelKey(anyKey), parseLabelValue(anyValue ?? '')];
  const effect = EFFECTS.find((one) => one === anyEffect);
  return key === undefined || value === undefined || effect === undefined ? [] : [{ key, value, effect }];
}

export function toQuotaSight(quota: V1ResourceQuota): QuotaSight {
  const { spec, status } = quota;
  return {
    name: getObjectName(quota),
    isScoped: (spec?.scopes ?? []).length > 0 || (spec?.scopeSelector?.matchExpressions ?? []).length > 0,
    hard: toQuantities(status?.hard ?? spec?.hard),
    used: toQuantities(status?.used),
  };
}

export function toLimits(range: V1LimitRange): LimitSight[] {
  return (range.spec?.limits ?? []).flatMap(({ type: anyType, min, max }) => {
    const type = parseReason(anyType);
    if (type === undefined) return [];
    return [{ name: getObjectName(range), type, min: toQuantities(min), max: toQuantities(max) }];
  });
}

export function toPodSight(pod: V1Pod): PodSight {
  const { metadata, spec, status } = pod;
  return {
    name: getObjectName(pod),
    node: parseObjectName(spec?.nodeName),
    workspace: findWorkspaceName(metadata?.labels),
    claims: (spec?.volumes ?? []).flatMap((volume) => parseObjectName(volume.persistentVolumeClaim?.claimName) ?? []),
    hasEnded: status?.phase === 'Succeeded' || status?.phase === 'Failed',
  };
}

export function toVolumeSight(volume: V1PersistentVolume): VolumeSight {
  const { claimRef, nodeAffinity } = volume.spec ?? {};
  const [namespace, name] = [parseObjectName(claimRef?.namespace), parseObjectName(claimRef?.name)];
  return {
    name: getObjectName(volume),
    claim: namespace === undefined || name === undefined ? undefined : { namespace, name },
    nodeLabels: (nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap(toNodeLabels),
  };
}

/** Of `In` alone, which is what provisioners write. */
function toNodeLabels({ matchExpressions }: V1NodeSelectorTerm): string[] {
  return (matchExpressions ?? []).flatMap(({ key: anyKey, operator, values }) => {
    const key = parseLabelKey(anyKey);
    if (key === undefined || operator !== 'In') return [];
    return (values ?? []).flatMap((value) => (parseLabelValue(value) === undefined ? [] : [`${key}=${value}`]));
  });
}
