/** Nodes are kept for others by a taint. */
import { kubectl, type Suggestion, ws } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';
import { listSeen, type Scene, type TaintSight } from '../../scene.ts';
import { findNamedTaint } from '../../words/scheduler.ts';
import {
  countNodes,
  findRefused,
  isOwnTaint,
  isSelected,
  listUnseenNodes,
  listUntolerated,
  type Refused,
  toFinding,
} from './unschedulable.ts';

const WORDS = /taint/;

/** Where a cluster's own programs run: it is no place for a workspace where there is another one. */
const CONTROL_PLANE = /^node-role\.kubernetes\.io\/(?:control-plane|master)$/;

export const TAINT: Cause = {
  code: 'NODE_TAINT',
  group: 'scheduling',
  title: 'The nodes have a taint that the workspace does not tolerate',
  looksLike: 'The pod stays pending; the scheduler says "had untolerated taint(s)".',
  help: '`ws up dev --toleration KEY=VALUE:EFFECT` with the taint of the node, if its owner agrees.',
  waiting: 'helps',
  find: (scene) => {
    const refused = findRefused(scene, WORDS);
    if (refused === undefined) return [];
    const tainted = listTainted(scene, refused);
    const isKnown = scene.around.nodes.kind === 'seen';
    const named = isKnown ? [] : listNamed(refused);
    if (isKnown ? tainted.length === 0 : named.some(isOwnTaint)) return [];
    const [first] = tainted;
    const taints = first?.taints ?? named;
    const which = first === undefined ? countNodes(refused) : first.name;
    const what = taints.length === 0 ? 'taints that it does not name' : taints.map(write).join(' and ');
    return [
      toFinding(refused, {
        message: `The workspace does not tolerate what keeps pods away from ${which}: ${what}`,
        evidence: tainted.map(({ name, taints: all }) => `${name}: ${all.map(write).join(', ')}`),
        suggestions: [...suggest(taints), { ...kubectl`describe nodes`, note: 'shows the taints of each' }],
        unseen: listUnseenNodes(scene),
      }),
    ];
  },
};

interface Tainted {
  name: string;
  taints: TaintSight[];
}

/** Nodes that only taints of somebody's choice keep the pod from, those that need the fewest tolerations first. */
function listTainted(scene: Scene, { wants, refusals, verdict }: Refused): Tainted[] {
  const usable = listSeen(scene.around.nodes).filter((node) => node.ready === 'yes' && isSelected(node, wants));
  const tainted = usable
    .map((node) => ({ name: node.name, taints: listUntolerated(node, wants).filter((taint) => !isOwnTaint(taint)) }))
    .filter(({ taints }) => taints.length > 0)
    .toSorted((one, other) => one.taints.length - other.taints.length);
  const workers = tainted.filter(({ taints }) => !taints.some(({ key }) => CONTROL_PLANE.test(key)));
  if (workers.length > 0) return workers;
  // Other nodes were refused for other reasons, and these are what is wrong.
  return refusals.some(({ nodes }) => nodes >= verdict.nodes) ? tainted : [];
}

function listNamed({ refusals }: Refused): TaintSight[] {
  return refusals.flatMap(({ why }) => {
    const taint = findNamedTaint(why);
    return taint === undefined ? [] : [{ ...taint, effect: 'NoSchedule' as const }];
  });
}

/** As kubectl writes a taint. */
function write({ key, value, effect }: TaintSight): string {
  return `${key}${value === '' ? '' : `=${value}`}:${effect}`;
}

function suggest([one, other, ...more]: TaintSight[]): Suggestion[] {
  const note = 'if its owner agrees';
  if (one === undefined || more.length > 0) return [];
  if (other === undefined) return [{ ...ws`up --toleration ${write(one)}`, note }];
  return [{ ...ws`up --toleration ${write(one)} --toleration ${write(other)}`, note }];
}
