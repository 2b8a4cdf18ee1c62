/** How pods end: one that failed, and one that was deleted and is still there. */

import { kubectl, ws } from '../../errors/suggestion.ts';
import type { EndingPod, EventSnapshot, WorkspaceSnapshot } from '../../state/snapshot.ts';
import type { FindTrouble, Trouble } from '../trouble.ts';

/** The node controller's word, and its taint manager's, for a node that stopped reporting. */
const SILENT_NODE = ['NodeNotReady', 'DeletionByTaintManager', 'NodeLost', 'TaintManagerEviction'];

const WITHOUT_FINALIZERS = '{"metadata":{"finalizers":null}}';

/** It failed, and its Deployment has not made another one yet. */
export const findEndedPod: FindTrouble = ({ phase, reason = 'Failed', message = 'the pod ended' }) => {
  if (phase !== 'Failed') return undefined;
  const note = 'a home on a claim survives this; a new pod is made by itself';
  const suggestion = reason === 'Evicted' ? { ...ws`up --storage-class default`, workspace: 'NAME', note } : undefined;
  return { reason, message, suggestion, nature: 'passing' };
};

/**
 * Undefined while the pod has its time to end, and nothing is known to hold it. Only facts of the pod say that
 * something holds it for good: this machine's clock may be wrong.
 */
export function findEndingTrouble(snapshot: WorkspaceSnapshot): Trouble | undefined {
  for (const pod of snapshot.endingPods) {
    const trouble = findHold(pod, snapshot.events);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

function findHold(pod: EndingPod, events: EventSnapshot[]): Trouble | undefined {
  const since = toSince(pod);
  if (pod.finalizers.length > 0 && !pod.isRunning) {
    const [first] = pod.finalizers;
    const which =
      pod.finalizers.length === 1 ? `finalizer ${first} waits` : `finalizers ${pod.finalizers.join(', ')} wait`;
    return {
      reason: 'PodFinalizer',
      message: `${since}: its programs have ended, but the ${which} for somebody who takes it away`,
      suggestion: kubectl`patch pod ${pod.name} --type merge --patch ${WITHOUT_FINALIZERS}`,
      nature: 'lasting',
    };
  }
  const isSilent =
    (pod.disruption !== undefined && SILENT_NODE.includes(pod.disruption)) ||
    events.some(({ object, reason }) => object === `Pod/${pod.name}` && SILENT_NODE.includes(reason ?? ''));
  if (!pod.isRunning || !isSilent) return undefined;
  return {
    reason: 'NodeNotReady',
    message: `${since}: its node ${pod.node ?? 'is not known and'} does not report, so nobody knows whether the pod still runs. If the node is gone for good, the pod can be deleted by force; a pod that does run would write to the same home as the next one`,
    suggestion: kubectl`delete pod ${pod.name} --grace-period=0 --force`,
    nature: 'passing',
  };
}

/** When its time to end is over, by the clock of whoever watched it for so long, and nothing else explains it. */
export function toOverdue(pod: EndingPod): Trouble {
  return {
    reason: 'PodTerminating',
    message: `${toSince(pod)} and should have ended after ${pod.graceSeconds} s; its node ${pod.node ?? 'is not known and'} may not be reporting`,
    suggestion: kubectl`describe pod ${pod.name}`,
    nature: 'passing',
  };
}

function toSince({ name, since }: EndingPod): string {
  return `Pod ${name} is ending${since === undefined ? '' : ` since ${since}`}`;
}
