/** The home that class, size and claim come to together. */
import type { Choices } from './chosen.ts';
import { ITS_OWN_CLASS, NO_CLASS } from './options.ts';

export type HomeChoice =
  | { kind: 'emptyDir' }
  /** A new claim, or the kept one of this name. `storageClass` undefined is the cluster's default class. */
  | { kind: 'claim'; storageClass: string | undefined; size: string | undefined }
  | { kind: 'existing-claim'; name: string };

/** Undefined where nothing is said of the home. */
export function toHomeChoice({ home, storageClass, size }: Choices): HomeChoice | undefined {
  if (home !== undefined) return { kind: 'existing-claim', name: home };
  if (storageClass === NO_CLASS) return { kind: 'emptyDir' };
  if (storageClass === undefined && size === undefined) return undefined;
  return { kind: 'claim', storageClass: storageClass === ITS_OWN_CLASS ? undefined : storageClass, size };
}
