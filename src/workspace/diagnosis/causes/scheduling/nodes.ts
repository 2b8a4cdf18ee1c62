/** The nodes themselves are the cause: cordoned, not ready, short of something, full of pods. */
import { kubectl } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';
import { listSeen, listUnseen, type NodeSight, type Scene } from '../../scene.ts';
import {
  countNodes,
  findRefused,
  isOwnTaint,
  isSelected,
  listUnseenNodes,
  listUsable,
  type Refused,
  toFinding,
} from './unschedulable.ts';

export const CORDONED: Cause = {
  code: 'NODE_CORDONED',
  group: 'scheduling',
  title: 'The node takes no new pods: it is cordoned',
  looksLike: 'The pod stays pending; the scheduler says "were unschedulable".',
  help: 'Wait until the node is back, or `kubectl uncordon NODE`, if nobody works on it.',
  waiting: 'helps',
  find: (scene) => {
    const refused = findRefused(scene, /were unschedulable|taint \{node\.kubernetes\.io\/unschedulable/);
    if (refused === undefined) return [];
    const cordoned = listMeant(scene, refused).filter(({ isCordoned }) => isCordoned);
    const [first] = cordoned;
    // The words may be about nodes that the workspace is not meant for.
    if (first === undefined && scene.around.nodes.kind === 'seen') return [];
    return [
      toFinding(refused, {
        message: `${first === undefined ? capitalize(countNodes(refused)) : `Node ${cordoned.map(({ name }) => name).join(', ')}`} takes no new pods: somebody has cordoned it`,
        evidence: cordoned.map(({ name }) => `${name}: unschedulable`),
        suggestions: [
          first === undefined
            ? { ...kubectl`get nodes`, note: 'shows which, as SchedulingDisabled' }
            : { ...kubectl`uncordon ${first.name}`, note: 'if nobody works on it any more' },
        ],
        unseen: listUnseenNodes(scene),
      }),
    ];
  },
};

export const NOT_READY: Cause = {
  code: 'NODE_NOT_READY',
  group: 'scheduling',
  title: 'The node is not ready',
  looksLike:
    'The pod stays pending; the scheduler says "had untolerated taint(s)", and the node has not-ready, unreachable or a pressure.',
  help: '`kubectl describe node NODE` shows what is wrong with it. Wait until it is back.',
  waiting: 'helps',
  find: (scene) => {
    const refused = findRefused(scene, /taint|unknown conditions/);
    if (refused === undefined) return [];
    const sick = listMeant(scene, refused)
      .map((node) => ({ ...node, taints: node.taints.filter(isSickness) }))
      .filter(({ taints, ready }) => taints.length > 0 || ready !== 'yes');
    const isNamed = refused.refusals.some(({ why }) => /taint \{node\.kubernetes\.io\/(?!unschedulable)/.test(why));
    const [first] = sick;
    if (first === undefined && !isNamed) return [];
    return [
      toFinding(refused, {
        message: `${first === undefined ? capitalize(countNodes(refused)) : `Node ${sick.map(({ name }) => name).join(', ')}`} cannot take pods now: ${first === undefined ? 'it is not ready' : describe(first)}`,
        evidence: sick.map((node) => `${node.name}: ${describe(node)}`),
        suggestions: [
          first === undefined
            ? { ...kubectl`get nodes`, note: 'shows which' }
            : { ...kubectl`describe node ${first.name}`, note: 'shows what is wrong with it' },
        ],
        unseen: listUnseenNodes(scene),
      }),
    ];
  },
};

export const TOO_MANY_PODS: Cause = {
  code: 'NODE_PODS',
  group: 'scheduling',
  title: 'The node has as many pods as it takes',
  looksLike: 'The pod stays pending; the scheduler says "Too many pods".',
  help: 'Remove pods that nobody needs, or wait for a node.',
  waiting: 'helps',
  find: (scene) => {
    const refused = findRefused(scene, /^Too many pods$/);
    if (refused === undefined) return [];
    const loads = new Map(listSeen(scene.around.loads).map(({ node, pods }) => [node, pods]));
    // Its taints and its cordon are looked at before.
    const meant = listUsable(scene).filter((node) => isSelected(node, refused.wants));
    if (meant.length === 0 && scene.around.nodes.kind === 'seen') return [];
    const counts = meant.map(
      ({ name, allocatable: { pods = '?' } }) =>
        `${name}: takes ${pods} pods, has ${loads.get(name) ?? 'not known how many'}`,
    );
    return [
      toFinding(refused, {
        message: `There is no place for one more pod on ${countNodes(refused)}${counts.length === 1 ? ` (${counts[0]})` : ''}`,
        evidence: counts,
        suggestions: [{ ...kubectl`get pods --all-namespaces`, note: 'shows which could go' }],
        unseen: listUnseen(['the nodes', scene.around.nodes], ['the pods of other namespaces', scene.around.loads]),
      }),
    ];
  },
};

/** Nodes that the workspace is meant for. */
function listMeant(scene: Scene, { wants }: Refused): NodeSight[] {
  return listSeen(scene.around.nodes).filter((node) => isSelected(node, wants));
}

function isSickness(taint: NodeSight['taints'][number]): boolean {
  return isOwnTaint(taint) && taint.key !== 'node.kubernetes.io/unschedulable' && taint.effect !== 'PreferNoSchedule';
}

function describe({ taints, ready }: Pick<NodeSight, 'taints' | 'ready'>): string {
  const words = taints.map(({ key }) => key.replace(/^node\.(?:cloudprovider\.)?kubernetes\.io\//, ''));
  const state = { yes: [], no: ['not ready'], unknown: ['it does not report'] }[ready];
  return [...new Set([...state, ...words])].join(', ');
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
