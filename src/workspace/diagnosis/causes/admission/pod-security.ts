/** The namespace wants pods to be safer than this one. */
import { advice, kubectl } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';
import { findRefusal } from '../../parts.ts';
import { readSecurityRefusal } from '../../words/refusals.ts';

export const POD_SECURITY: Cause = {
  code: 'POD_SECURITY',
  group: 'admission',
  title: "The namespace's pod security level does not allow the pod",
  looksLike: 'No pod is made; `kubectl describe replicaset` says "violates PodSecurity".',
  help: 'Values changed what the chart has: its own settings fit the strictest level. Take that out.',
  waiting: 'useless',
  find: (scene) => {
    const words = findRefusal(scene);
    const refusal = words === undefined ? undefined : readSecurityRefusal(words);
    if (refusal === undefined) return [];
    const { level, violations } = refusal;
    return [
      {
        reason: 'FailedCreate',
        message: `The namespace allows only pods of security level ${level}, and the values of the release make this one otherwise`,
        evidence: violations,
        suggestions: [
          advice("Leave the pod's security settings and volumes as the chart has them"),
          { ...kubectl`get namespace --show-labels`, note: 'shows the level that each namespace enforces' },
        ],
        unseen: [],
      },
    ];
  },
};
