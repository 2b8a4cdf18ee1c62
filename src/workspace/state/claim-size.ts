/** Whether a claim can become as big as somebody wants it. Pure. */
import { isSameAmount, toNumber } from '../diagnosis/words/quantity.ts';
import type { ClaimSnapshot, StorageClassSnapshot } from './snapshot.ts';

export type ResizeVerdict =
  /** Possible, or nothing speaks against it: the cluster compares amounts in other notations. */
  | { kind: 'possible' }
  /** We may not read the storage classes, so the cluster decides. */
  | { kind: 'unknown'; storageClass: string }
  | { kind: 'shrinks' }
  | { kind: 'not-bound' }
  /** `why` is a clause about the claim; `growing` are the classes that could. */
  | { kind: 'cannot-grow'; why: string; growing: string[] };

/**
 * Judges by the rules of the API server (its validation of a claim's update, and the admission
 * PersistentVolumeClaimResize): only a bound claim of a class that allows it grows, and one shrinks only back towards
 * what its volume has, after a growth that failed.
 */
export function judgeResize(
  claim: ClaimSnapshot,
  wanted: string,
  classes: StorageClassSnapshot[] | undefined,
): ResizeVerdict {
  const [wantedBytes, nowBytes] = [toNumber(wanted), toNumber(claim.requested)];
  if (wantedBytes === undefined || nowBytes === undefined) return { kind: 'possible' };
  if (isSameAmount(wanted, claim.requested)) return { kind: 'possible' };
  if (wantedBytes < nowBytes) {
    const volumeBytes = toNumber(claim.capacity);
    return { kind: volumeBytes !== undefined && volumeBytes < wantedBytes ? 'possible' : 'shrinks' };
  }
  if (claim.phase !== 'Bound') return { kind: 'not-bound' };
  const growing = (classes ?? []).filter(({ canGrow }) => canGrow).map(({ name }) => name);
  const { storageClass } = claim;
  if (storageClass === undefined) return { kind: 'cannot-grow', why: 'has no storage class', growing };
  if (classes === undefined) return { kind: 'unknown', storageClass };
  const own = classes.find(({ name }) => name === storageClass);
  if (own?.canGrow === true) return { kind: 'possible' };
  const why = own === undefined ? 'which is not there any more' : 'whose volumes cannot grow';
  return { kind: 'cannot-grow', why: `is of storage class ${storageClass}, ${why}`, growing };
}

/** What a bound claim asks for and has not got yet, in the words of both; undefined where it has as much. */
export function findGrowth({ phase, requested, capacity }: ClaimSnapshot): { asked: string; has: string } | undefined {
  const [asked, has] = [toNumber(requested), toNumber(capacity)];
  if (phase !== 'Bound' || asked === undefined || has === undefined || asked <= has) return undefined;
  return { asked: requested ?? '', has: capacity ?? '' };
}
