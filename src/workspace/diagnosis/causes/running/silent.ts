/** The container runs, and its server does not answer. */
import { kubectl, ws } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';
import { findStarting } from '../../parts.ts';
import { listPodEvents } from '../../pod-fact.ts';

/** A server that has half a core greets after two seconds; a slow node may take ten times as long. */
const SILENCE_MS = 30_000;

export const SILENT: Cause = {
  code: 'SERVER_SILENT',
  group: 'running',
  title: 'The container runs, but its server does not answer',
  looksLike: 'The pod is Running and not ready; an event says "Readiness probe failed".',
  help: "`ws logs` shows what the server says. An image that is not a workspace's has no server.",
  waiting: 'helps',
  find: (scene) => {
    const { pod, snapshot } = findStarting(scene) ?? {};
    if (pod?.container?.state !== 'running' || snapshot === undefined) return [];
    // Something else of the pod is not ready.
    if (pod.container.isReady === true) return [];
    const probe = listPodEvents(pod, snapshot).findLast(({ reason }) => reason === 'Unhealthy');
    const sinceMs = Date.parse(pod.container.startedAt ?? '');
    // Both by the clock of the node.
    const silentForMs = Date.parse(probe?.at ?? '') - sinceMs;
    const isLong = (scene.watched?.sameForMs ?? 0) >= SILENCE_MS || silentForMs >= SILENCE_MS;
    if (!isLong) return [];
    return [
      {
        reason: 'Unhealthy',
        message: `The container runs, but its server does not answer${probe?.message === undefined ? '' : `: ${probe.message}`}`,
        evidence: [
          `pod ${pod.name}${pod.node === undefined ? '' : ` on ${pod.node}`}`,
          `container started at ${pod.container.startedAt ?? 'a time that is not known'}`,
          `image ${pod.image ?? ''}`,
        ],
        suggestions: [{ ...ws`logs`, note: 'shows what the server says' }, kubectl`describe pod ${pod.name}`],
        unseen: [],
      },
    ];
  },
};
