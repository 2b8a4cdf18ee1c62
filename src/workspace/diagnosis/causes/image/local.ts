/** What is wrong with an image before anybody asks a registry, or after. */
import { advice, kubectl } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';
import { findStarting, findWaiting, findWants } from '../../parts.ts';
import type { Scene } from '../../scene.ts';
import { findUnpulled, suggestImage, type Unpulled } from './unpulled.ts';

export const ABSENT: Cause = {
  code: 'IMAGE_ABSENT',
  group: 'image',
  title: 'The node does not have the image, and may not pull it',
  looksLike: 'The pod waits with ErrImageNeverPull.',
  help: 'Load the image into the node, or set `image.pullPolicy` to IfNotPresent in a values file.',
  waiting: 'useless',
  find: (scene) => {
    const { pod } = findStarting(scene) ?? {};
    const waiting = pod === undefined ? undefined : findWaiting(pod);
    if (pod === undefined || waiting?.reason !== 'ErrImageNeverPull') return [];
    const image = pod.image ?? 'of the pod';
    return [
      {
        reason: waiting.reason,
        message: `Node ${pod.node ?? ''} does not have image ${image}, and the pull policy is Never`,
        evidence: [`Node: ${waiting.message}`],
        suggestions: [
          suggestImage(scene, image),
          advice('Or set image.pullPolicy to IfNotPresent in a values file, or load the image into the node'),
        ],
        unseen: [],
      },
    ];
  },
};

export const BAD_NAME: Cause = {
  code: 'IMAGE_NAME',
  group: 'image',
  title: 'This is no name of an image',
  looksLike: 'The pod waits with InvalidImageName.',
  help: '`ws up dev --image NAME:TAG`, in lower-case letters.',
  waiting: 'useless',
  find: (scene) => {
    const { pod } = findStarting(scene) ?? {};
    const waiting = pod === undefined ? undefined : findWaiting(pod);
    if (waiting?.reason !== 'InvalidImageName') return [];
    return [
      {
        reason: waiting.reason,
        message: `${pod?.image ?? 'What stands for it'} is no name of an image`,
        evidence: [`Node: ${waiting.message}`],
        suggestions: [suggestImage(scene, pod?.image ?? '', 'in lower-case letters')],
        unseen: [],
      },
    ];
  },
};

/** The kubelet (kubelet.go, getPullSecretsForPod) tries without it, and the registry says no. */
export const MISSING_SECRET: Cause = {
  code: 'IMAGE_SECRET',
  group: 'image',
  title: 'The pull secret is not there',
  looksLike: 'The image cannot be pulled, and an event says "Unable to retrieve some image pull secrets".',
  help: '`kubectl create secret docker-registry NAME`, with the name that `imagePullSecrets` has.',
  waiting: 'useless',
  find: (scene) => {
    const { pod } = findStarting(scene) ?? {};
    const unpulled = findUnpulled(scene);
    if (pod === undefined || unpulled === undefined) return [];
    const { snapshot, parts, reason: waitingFor } = unpulled;
    // It is not for the lack of it that a registry is not there, or has no such image: it may want one later.
    const isNext = !isWhy(unpulled);
    const event = snapshot.events.findLast(
      ({ object, reason }) => object === `Pod/${pod.name}` && reason === 'FailedToRetrieveImagePullSecret',
    );
    if (event === undefined) return [];
    const names = /image pull secrets \((?<names>[-a-z0-9., ]{1,2000})\)/.exec(event.message ?? '')?.groups?.['names'];
    const [first = findWants(scene)?.pullSecrets[0] ?? 'NAME'] = names?.split(', ') ?? [];
    return [
      {
        reason: waitingFor,
        message: isNext
          ? `The pull secret ${names ?? first} is not in this namespace, should the registry want it`
          : `The image ${pod.image ?? ''} cannot be pulled: the pull secret ${names ?? first} is not in this namespace`,
        evidence: [`Node: ${event.message ?? ''}`],
        suggestions: [
          {
            ...kubectl`create secret docker-registry ${first} --docker-server ${parts.host ?? 'docker.io'} --docker-username USER --docker-password PASSWORD`,
            note: 'makes it',
          },
          { ...kubectl`get secrets`, note: 'shows those that are there' },
        ],
        unseen: [],
        ...(isNext ? { isNext, waiting: 'helps' as const } : {}),
      },
    ];
  },
};

/** Whether the registry would give the image to whoever has the secret, as far as its answer says. */
function isWhy({ fault }: Unpulled): boolean {
  return fault === undefined || fault === 'denied' || fault === 'repository';
}

/** The registry refuses for the lack of a pull secret. */
export function isForSecret(scene: Scene): boolean {
  return MISSING_SECRET.find(scene).some(({ isNext }) => isNext !== true);
}
