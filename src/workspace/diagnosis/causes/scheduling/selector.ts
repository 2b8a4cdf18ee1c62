/** The labels that the pod selects its node by are on none. */
import { findNearest } from '../../../errors/nearest.ts';
import { advice, type Suggestion, ws } from '../../../errors/suggestion.ts';
import type { PodWants } from '../../../state/snapshot.ts';
import type { Cause, Finding } from '../../cause.ts';
import { listSeen, type NodeSight, type Scene } from '../../scene.ts';
import { countNodes, findRefused, isSelected, listUnseenNodes, toFinding } from './unschedulable.ts';

const WORDS = /node affinity\/selector|node\(s\) didn't match node selector/;

/** Labels of every node, which nobody selects by. */
const OF_EVERY_NODE = /^(?:kubernetes\.io|beta\.kubernetes\.io)\//;

/** A rule of an affinity that a node without the label breaks, by the label. `metadata.name` is a field. */
const NEEDED = /^(?!metadata\.name )(\S+) (?:In|Exists|Gt|Lt)\b/;

/** So many are listed. */
const MOST_LABELS = 8;

export const SELECTOR: Cause = {
  code: 'NODE_SELECTOR',
  group: 'scheduling',
  title: 'No node has the labels of the node selector',
  looksLike: 'The pod stays pending; the scheduler says "didn\'t match Pod\'s node affinity/selector".',
  help: "`ws up dev --node-selector KEY=VALUE` with a label that a node has, or `--node-selector ''` for any node.",
  waiting: 'helps',
  find: (scene) => {
    const refused = findRefused(scene, WORDS);
    const selector = refused?.wants?.nodeSelector ?? {};
    if (refused === undefined || Object.keys(selector).length === 0 || isAffinityAtFault(scene)) return [];
    const nodes = listSeen(scene.around.nodes);
    // The words are about other nodes, which are none of this workspace's.
    if (nodes.some((node) => isSelected(node, refused.wants))) return [];
    const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
    return [
      toFinding(refused, {
        message: `The workspace goes only to nodes with ${labels.join(' and ')}, which leaves out ${countNodes(refused)}`,
        evidence: describeLabels(nodes, Object.keys(selector)),
        suggestions: suggest(nodes, selector),
        unseen: listUnseenNodes(scene),
      }),
    ];
  },
};

export const AFFINITY: Cause = {
  code: 'NODE_AFFINITY',
  group: 'scheduling',
  title: 'No node fits the affinity',
  looksLike:
    'The pod stays pending; the scheduler says "didn\'t match Pod\'s node affinity/selector" or names affinity rules.',
  help: 'Change `affinity` in a values file, and give it with `--values`.',
  waiting: 'helps',
  find: (scene) => {
    const refused = findRefused(scene, /node affinity\/selector|affinity rules/);
    if (refused === undefined) return [];
    const isOfNodes = refused.refusals.every(({ why }) => WORDS.test(why));
    if (isOfNodes && !isAffinityAtFault(scene)) return [];
    return [toAffinity(scene, refused)];
  },
};

function toAffinity(scene: Scene, refused: NonNullable<ReturnType<typeof findRefused>>): Finding {
  const rules = refused.wants?.affinity ?? [];
  const nodes = listSeen(scene.around.nodes);
  return toFinding(refused, {
    message: `The affinity of the workspace leaves out ${countNodes(refused)}${rules.length === 0 ? '' : `: it wants ${rules.join(' or ')}`}`,
    evidence: describeLabels(
      nodes,
      rules.map((rule) => rule.split(/[ =]/)[0] ?? ''),
      rules.flatMap((rule) => NEEDED.exec(rule)?.[1] ?? []),
    ),
    suggestions: [advice('Change affinity in a values file to labels that a node has, and give it with --values')],
    unseen: listUnseenNodes(scene),
  });
}

/** The selector alone would let a node be. Where nodes cannot be seen, it is the selector if there is one. */
function isAffinityAtFault({ around, snapshot }: Scene): boolean {
  const wants = snapshot?.pod?.wants ?? snapshot?.deployment?.wants;
  if (wants === undefined || Object.keys(wants.nodeSelector).length === 0) return true;
  return wants.affinity.length > 0 && listSeen(around.nodes).some((node) => isSelected(node, wants));
}

/**
 * Which of the keys no node has, and which values the others have. Where nodes have none of the keys: all labels that
 * tell nodes apart.
 */
function describeLabels(nodes: NodeSight[], wanted: string[], needed = wanted): string[] {
  const named = collect(nodes, (key) => wanted.includes(key));
  const others = collect(nodes, (key) => !OF_EVERY_NODE.test(key));
  const missing = needed.filter((key) => nodes.every(({ labels }) => labels[key] === undefined));
  const none = nodes.length > 0 && missing.length > 0 ? [`no node has a label ${missing.join(' or ')}`] : [];
  const there = [...(named.size > 0 ? named : others)]
    .slice(0, MOST_LABELS)
    .map(([label, names]) => `${label} is on ${names.length > 3 ? `${names.length} nodes` : names.join(', ')}`);
  return [...none, ...there];
}

function collect(nodes: NodeSight[], isMeant: (key: string) => boolean): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { name, labels } of nodes)
    for (const [key, value] of Object.entries(labels))
      if (isMeant(key)) found.set(`${key}=${value}`, [...(found.get(`${key}=${value}`) ?? []), name]);
  return found;
}

function suggest(nodes: NodeSight[], selector: PodWants['nodeSelector']): Suggestion[] {
  const any: Suggestion = {
    ...ws`up --node-selector ${''}`,
    again: { without: ['node-selector'] },
    note: 'any node will do',
  };
  const wrong = Object.entries(selector).filter(([key, value]) => nodes.every(({ labels }) => labels[key] !== value));
  const [only] = wrong;
  if (only === undefined || Object.keys(selector).length > 1) return [any];
  const label = findNearestLabel(nodes, only);
  if (label === undefined) return [any];
  return [{ ...ws`up --node-selector ${label}`, again: { without: ['node-selector'] }, note: 'nodes have that' }, any];
}

/** The value that a node has for the key, else a key of a node that is like it. */
function findNearestLabel(nodes: NodeSight[], [key, value]: [string, string]): string | undefined {
  const values = [...new Set(nodes.flatMap(({ labels }) => labels[key] ?? []))];
  const [first] = values;
  if (first !== undefined) return `${key}=${findNearest(value, values) ?? first}`;
  const labels = [...collect(nodes, (candidate) => !OF_EVERY_NODE.test(candidate)).keys()];
  return findNearest(`${key}=${value}`, labels);
}
