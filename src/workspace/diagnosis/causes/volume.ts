/** The cluster does not make the home's volume, or the kubelet cannot mount it. */
import { kubectl } from '../../errors/suggestion.ts';
import { ENDING_CLAIM } from '../../state/snapshot.ts';
import { listPodEvents } from '../pod-fact.ts';
import type { FindTrouble } from '../trouble.ts';

/** A claim that no volume comes for. With WaitForFirstConsumer this starts only after scheduling began. */
export const findClaimTrouble: FindTrouble = (_pod, { home, events }) => {
  if (home.kind === 'missing-claim') {
    return {
      reason: 'ClaimMissing',
      message: `The home claim ${home.name} does not exist`,
      nature: 'lasting',
      suggestion: { ...kubectl`get pvc`, note: 'lists the claims of this namespace' },
    };
  }
  if (home.kind !== 'claim' || ['Bound', ENDING_CLAIM].includes(home.claim.phase)) return undefined;
  const { name } = home.claim;
  const last = events.findLast(({ object, type }) => object === `PersistentVolumeClaim/${name}` && type === 'Warning');
  if (last === undefined) return undefined;
  return {
    reason: last.reason ?? 'ProvisioningFailed',
    message: `The home volume is not made: ${last.message ?? 'the cluster does not say why'}`,
    nature: 'passing',
    suggestion: kubectl`describe pvc ${name}`,
  };
};

export const findMountTrouble: FindTrouble = (pod, snapshot) => {
  if (pod.container?.state === 'running') return undefined;
  const last = listPodEvents(pod, snapshot).findLast(
    ({ type, reason = '' }) =>
      type === 'Warning' && /^Failed(Mount|AttachVolume|CreatePodSandBox|CreatePodContainer)/.test(reason),
  );
  if (last === undefined) return undefined;
  return {
    reason: last.reason ?? 'FailedMount',
    message: last.message ?? 'the kubelet does not say why',
    nature: 'passing',
    suggestion: kubectl`describe pod ${pod.name}`,
  };
};
