/** What all causes of an image that cannot be pulled have in common. */
import { findNearest } from '../../../errors/nearest.ts';
import { type Suggestion, ws } from '../../../errors/suggestion.ts';
import { isSameImage } from '../../../image-name.ts';
import type { WorkspaceSnapshot } from '../../../state/snapshot.ts';
import { findStarting, findWaiting } from '../../parts.ts';
import { listSeen, type Scene } from '../../scene.ts';
import { type ImageParts, toImageParts } from '../../words/image-parts.ts';
import { type PullFault, readPullFault, toLastWords } from '../../words/pull.ts';

const REASONS = [
  'ErrImagePull',
  'ImagePullBackOff',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
];

export interface Unpulled {
  reason: string;
  image: string;
  parts: ImageParts;
  /** All that the node says. */
  words: string;
  /** Its innermost sentence. */
  said: string;
  fault: PullFault | undefined;
  snapshot: WorkspaceSnapshot;
}

export function findUnpulled(scene: Scene): Unpulled | undefined {
  const { pod, snapshot } = findStarting(scene) ?? {};
  if (pod === undefined || snapshot === undefined) return undefined;
  const waiting = findWaiting(pod);
  if (waiting === undefined || !REASONS.includes(waiting.reason)) return undefined;
  const image = pod.image ?? snapshot.deployment?.image ?? 'of the pod';
  // While the node waits for its next try, it may say only that it does.
  const told = readPullFault(waiting.message) === undefined ? findToldBefore(snapshot, pod.name, image) : undefined;
  const words = told ?? waiting.message;
  const fault = readPullFault(words);
  return {
    reason: waiting.reason,
    image,
    parts: toImageParts(image),
    words,
    said: toLastWords(words),
    fault,
    snapshot,
  };
}

/** The kubelet's words of the try before (pkg/kubelet/images/image_manager.go). */
function findToldBefore({ events }: WorkspaceSnapshot, pod: string, image: string): string | undefined {
  const start = `Failed to pull image "${image}": `;
  const last = events.findLast(({ object, message }) => object === `Pod/${pod}` && message?.startsWith(start) === true);
  return last?.message?.slice(start.length);
}

/** An image that some node has already and that the wanted one was probably meant to be. */
export function findLoaded(scene: Scene, image: string): { image: string; node: string } | undefined {
  const all = listSeen(scene.around.nodes).flatMap(({ name, images }) =>
    images.map((one) => ({ image: one, node: name })),
  );
  const { repository } = toImageParts(image);
  const last = repository.split('/').at(-1) ?? '';
  const others = all.filter((one) => !one.image.includes('@') && !isSameImage(one.image, image));
  const same = others.filter((one) => toImageParts(one.image).repository.split('/').at(-1) === last);
  if (same.length > 0) return same[0];
  const nearest = findNearest(
    last,
    others.map((one) => toImageParts(one.image).repository.split('/').at(-1) ?? ''),
  );
  return nearest === undefined
    ? undefined
    : others.find((one) => toImageParts(one.image).repository.split('/').at(-1) === nearest);
}

/** The tag may have come from the chart: nobody sees that in a name that is whole. */
const WITHOUT_TAG =
  "or publish this one, or load it into the nodes; without a tag it has that of ws's version, not latest";

/** The command with the image that is there, or with the place of one and this note. */
export function suggestImage(scene: Scene, image: string, note = WITHOUT_TAG): Suggestion {
  const loaded = findLoaded(scene, image);
  if (loaded === undefined) return { ...ws`up --image NAME:TAG`, note };
  return { ...ws`up --image ${shorten(loaded.image)}`, note: `node ${loaded.node} has it` };
}

/** As people write it: containerd reports the registry that a node takes by itself. */
function shorten(image: string): string {
  return image.replace(/^docker\.io\/(?:library\/)?/, '');
}
