/** The kubelet cannot get the image. */
import { ws } from '../../errors/suggestion.ts';
import type { FindTrouble } from '../trouble.ts';
import { findWaiting } from './waiting.ts';

const UNPULLED = ['ErrImagePull', 'ImagePullBackOff', 'ImageInspectError', 'RegistryUnavailable'];
const UNUSABLE = ['InvalidImageName', 'ErrImageNeverPull'];

export const findImageTrouble: FindTrouble = (pod) => {
  const { reason, message } = findWaiting(pod) ?? {};
  if (reason === undefined) return undefined;
  if (UNPULLED.includes(reason))
    return {
      reason,
      message: `The image ${pod.image ?? 'of the pod'} cannot be pulled: ${message}`,
      nature: 'lasting',
      suggestion: { ...ws`up --image NAME:TAG`, note: 'or publish this one, or load it into the nodes' },
    };
  if (!UNUSABLE.includes(reason)) return undefined;
  return {
    reason,
    message: `${pod.image ?? 'The image'}: ${message}`,
    nature: 'lasting',
    suggestion: ws`up --image NAME:TAG`,
  };
};
