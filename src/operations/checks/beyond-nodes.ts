/** Amounts that no node has: a pod gets them as its limits, and never as much; as its requests, and never starts. */
import type { Choices } from '../../workspace/choices/chosen.ts';
import { type Look, listSeen, type NodeSight } from '../../workspace/diagnosis/scene.ts';
import { toCpu, toNumber, toReadable } from '../../workspace/diagnosis/words/quantity.ts';
import type { Amounts } from '../../workspace/state/cluster-pods.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { World } from '../../workspace/world.ts';

/** What is chosen by flags, and by users' files below them. */
export async function findChosenAmounts(
  { choices: { cpu, memory }, valuesFiles }: { choices: Choices; valuesFiles: string[] },
  { releases }: World,
): Promise<Amounts> {
  const { limits = {}, requests = {} } = valuesFiles.length === 0 ? {} : await releases.readAmounts(valuesFiles);
  const flags = { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
  return { limits: { ...limits, ...flags }, requests };
}

/** Settles when the nodes were looked at; at once, with nothing, where no amount was chosen. */
export async function lookForAmounts(
  { limits = {}, requests = {} }: Amounts,
  { cluster }: World,
  signal: AbortSignal,
): Promise<Look<NodeSight>> {
  const isChosen = Object.keys({ ...limits, ...requests }).length > 0;
  return isChosen ? cluster.lookAtNodes(signal) : { kind: 'unasked' };
}

const WHAT = { cpu: 'CPU', memory: 'memory' } as const;

/**
 * Warns of what is beyond every node. It is no fault: a cluster may get larger nodes. Says nothing where the nodes may
 * not be read.
 */
export function* tellBeyondNodes(
  { limits = {}, requests = {} }: Amounts,
  nodes: Look<NodeSight>,
): Generator<ProgressEvent, void, void> {
  for (const resource of ['cpu', 'memory'] as const) {
    // The chart lowers a request to its limit. One that nobody says here is that of before.
    const limit = toNumber(limits[resource]) ?? 0;
    const request = (toNumber(requests[resource]) ?? 0) > limit ? limits[resource] : requests[resource];
    const text =
      tell(resource, request, nodes, 'no node takes the workspace, which asks for so much at least') ??
      tell(resource, limits[resource], nodes, 'the workspace gets no more');
    if (text !== undefined) yield { type: 'noticed', level: 'warning', notice: { kind: 'text', text } };
  }
}

function tell(
  resource: keyof typeof WHAT,
  asked: string | undefined,
  nodes: Look<NodeSight>,
  then: string,
): string | undefined {
  const wanted = toNumber(asked);
  const amounts = listSeen(nodes).flatMap(({ name, allocatable }) => {
    const amount = toNumber(allocatable[resource]);
    return amount === undefined ? [] : [{ name, amount }];
  });
  const [largest] = amounts.toSorted((one, other) => other.amount - one.amount);
  if (wanted === undefined || largest === undefined || wanted <= largest.amount) return undefined;
  const most = resource === 'cpu' ? toCpu(largest.amount) : toReadable(resource, String(largest.amount));
  return `No node has ${asked} of ${WHAT[resource]}. The most is ${most}, on ${largest.name}: ${then}`;
}
