/** A pod was deleted and is still there. */
import { kubectl } from '../../../errors/suggestion.ts';
import type { EndingPod, EventSnapshot } from '../../../state/snapshot.ts';
import type { Cause, Finding } from '../../cause.ts';
import { listEnding } from '../../parts.ts';
import type { Scene } from '../../scene.ts';

/** The node controller's word, and its taint manager's, for a node that stopped reporting. */
const SILENT_NODE = ['NodeNotReady', 'DeletionByTaintManager', 'NodeLost', 'TaintManagerEviction'];

const WITHOUT_FINALIZERS = '{"metadata":{"finalizers":null}}';

export const FINALIZER: Cause = {
  code: 'ENDING_FINALIZER',
  group: 'ending',
  title: 'A finalizer keeps a pod that has ended',
  looksLike: 'The previous pod stays Terminating though its programs have ended.',
  help: 'Ask whoever set the finalizer; or run the command shown, which removes it.',
  waiting: 'useless',
  // Only facts of the pod say that something holds it for good: this machine's clock may be wrong.
  find: (scene) =>
    listEnding(scene)
      .filter(({ finalizers, isRunning }) => finalizers.length > 0 && !isRunning)
      .slice(0, 1)
      .map((pod) => {
        const { name, finalizers } = pod;
        const which =
          finalizers.length === 1 ? `finalizer ${finalizers[0]} waits` : `finalizers ${finalizers.join(', ')} wait`;
        return toFinding('PodFinalizer', {
          message: `${toSince(pod)}: its programs have ended, but the ${which} for somebody who takes it away`,
          suggestion: kubectl`patch pod ${name} --type merge --patch ${WITHOUT_FINALIZERS}`,
        });
      }),
};

export const LOST_NODE: Cause = {
  code: 'ENDING_NODE_LOST',
  group: 'ending',
  title: 'The previous pod is on a node that does not report',
  looksLike: 'The previous pod stays Terminating, and its node is NotReady.',
  help: 'Wait for the node. Only if it is gone for good, run the command shown, which forgets the pod.',
  waiting: 'helps',
  find: (scene) =>
    listEnding(scene)
      .filter((pod) => pod.isRunning && isSilent(pod, scene.snapshot?.events ?? []))
      .slice(0, 1)
      .map((pod) =>
        toFinding('NodeNotReady', {
          message: `${toSince(pod)}: its node ${pod.node ?? 'is not known and'} does not report, so nobody knows whether the pod still runs. If the node is gone for good, the pod can be deleted by force; a pod that does run would write to the same home as the next one`,
          suggestion: kubectl`delete pod ${pod.name} --grace-period=0 --force`,
        }),
      ),
};

function isSilent({ name, disruption }: EndingPod, events: EventSnapshot[]): boolean {
  return (
    (disruption !== undefined && SILENT_NODE.includes(disruption)) ||
    events.some(({ object, reason }) => object === `Pod/${name}` && SILENT_NODE.includes(reason ?? ''))
  );
}

export const OVERDUE: Cause = {
  code: 'ENDING_OVERDUE',
  group: 'ending',
  title: 'The previous pod takes longer to end than it may',
  looksLike: 'The previous pod stays Terminating after its grace period.',
  help: '`kubectl describe pod` and `kubectl get nodes` show why its node does not end it.',
  waiting: 'helps',
  /** By the clock of whoever watched it for so long, and where nothing else explains it. */
  find: (scene) => {
    if (FINALIZER.find(scene).length > 0 || LOST_NODE.find(scene).length > 0) return [];
    return listEnding(scene)
      .filter(({ name }) => name === scene.watched?.overduePod)
      .map((pod) =>
        toFinding('PodTerminating', {
          message: `${toSince(pod)} and should have ended after ${pod.graceSeconds} s; its node ${pod.node ?? 'is not known and'} may not be reporting`,
          suggestion: kubectl`describe pod ${pod.name}`,
        }),
      );
  },
};

/** What keeps a pod of the workspace from ending, as far as nobody's clock is needed to know it. */
export function findHold(scene: Scene): Finding | undefined {
  return [FINALIZER, LOST_NODE].flatMap((cause) =>
    cause.find(scene).map((found) => ({ waiting: cause.waiting, ...found })),
  )[0];
}

function toFinding(
  reason: string,
  { message, suggestion }: { message: string; suggestion: Finding['suggestions'][number] },
): Finding {
  return { reason, message, evidence: [], suggestions: [suggestion], unseen: [] };
}

function toSince({ name, since }: EndingPod): string {
  return `Pod ${name} ${since === undefined ? 'is ending' : `has been ending since ${since}`}`;
}
