/** The home's volume is on other nodes than those that are free. */
import { kubectl, type Suggestion, ws } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';
import { listSeen, listUnseen, type NodeSight, type Scene } from '../../scene.ts';
import { countNodes, findRefused, isSelected, type Refused, toFinding } from './unschedulable.ts';

export const VOLUME_NODE: Cause = {
  code: 'NODE_VOLUME',
  group: 'scheduling',
  title: "The home's volume is on another node",
  looksLike: 'The pod stays pending; the scheduler says "didn\'t match PersistentVolume\'s node affinity".',
  help: 'Let the workspace go to the node that has the volume: without `--node-selector`, or `kubectl uncordon NODE`.',
  waiting: 'helps',
  find: (scene) => {
    const refused = findRefused(scene, /PersistentVolume's node affinity|volume node affinity conflict|volume zone/);
    if (refused === undefined) return [];
    const volume = findVolume(scene);
    const holders = volume === undefined ? [] : listHolders(scene, volume.nodeLabels);
    const where = holders.length === 0 ? 'other nodes' : holders.map(({ name }) => name).join(', ');
    return [
      toFinding(refused, {
        message: `The home's volume can only be used on ${where}, and ${countNodes(refused)} cannot have it${describeHolder(holders[0], refused)}`,
        evidence: [
          ...(volume === undefined ? [] : [`volume ${volume.name}: ${volume.nodeLabels.join(' or ') || 'any node'}`]),
          ...holders.map(
            (node) => `${node.name}: ${node.isCordoned ? 'cordoned' : node.ready === 'yes' ? 'ready' : 'not ready'}`,
          ),
        ],
        suggestions: suggest(holders, refused),
        unseen: listUnseen(['the volumes', scene.around.volumes], ['the nodes', scene.around.nodes]),
      }),
    ];
  },
};

export const NO_VOLUME: Cause = {
  code: 'VOLUME_NO_ROOM',
  group: 'volume',
  title: "No node can have the home's volume",
  looksLike:
    'The pod stays pending; the scheduler says "did not have enough free storage" or "exceed max volume count".',
  help: 'A smaller home (`--size`), another class (`--storage-class`), or a node with room for a volume.',
  waiting: 'helps',
  find: (scene) => {
    const refused = findRefused(scene, /enough free storage|max volume count/);
    if (refused === undefined) return [];
    const claim = scene.snapshot?.home.kind === 'claim' ? scene.snapshot.home.claim : undefined;
    const { requested = '?', storageClass = 'no class' } = claim ?? {};
    const others = listSeen(scene.around.classes).filter(({ name }) => name !== claim?.storageClass);
    const whole: Suggestion = claim === undefined ? kubectl`get pvc` : kubectl`describe pvc ${claim.name}`;
    return [
      toFinding(refused, {
        message: `No volume of ${requested} and ${storageClass} can be had on ${countNodes(refused)}`,
        evidence: others.length === 0 ? [] : [`other storage classes: ${others.map(({ name }) => name).join(', ')}`],
        suggestions: [whole, { ...kubectl`get pv`, note: 'shows which volumes are free' }],
        unseen: listUnseen(['the storage classes', scene.around.classes]),
      }),
    ];
  },
};

function findVolume({ snapshot, around }: Scene) {
  if (snapshot?.home.kind !== 'claim') return undefined;
  const { name } = snapshot.home.claim;
  return listSeen(around.volumes).find(({ claim }) => claim?.name === name && claim.namespace === snapshot.namespace);
}

function listHolders({ around }: Scene, nodeLabels: string[]): NodeSight[] {
  return listSeen(around.nodes).filter(({ labels }) =>
    nodeLabels.some((label) => {
      const at = label.indexOf('=');
      return labels[label.slice(0, at)] === label.slice(at + 1);
    }),
  );
}

function describeHolder(holder: NodeSight | undefined, { wants }: Refused): string {
  if (holder === undefined) return '';
  if (!isSelected(holder, wants)) return '; the node selector leaves that node out';
  if (holder.isCordoned) return '; that node is cordoned';
  return holder.ready === 'yes' ? '' : '; that node is not ready';
}

function suggest([holder]: NodeSight[], { wants }: Refused): Suggestion[] {
  const volumes = { ...kubectl`get pv`, note: 'shows where volumes are' };
  if (holder === undefined) return [volumes];
  if (!isSelected(holder, wants))
    return [
      { ...ws`up --node-selector ${''}`, again: { without: ['node-selector'] }, note: `${holder.name} has the volume` },
    ];
  if (holder.isCordoned) return [{ ...kubectl`uncordon ${holder.name}`, note: 'if nobody works on it any more' }];
  return [{ ...kubectl`describe node ${holder.name}`, note: 'shows why it takes no pods' }];
}
