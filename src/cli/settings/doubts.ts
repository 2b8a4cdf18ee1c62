import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SettingName } from '../../workspace/choices/chosen.ts';
import { ITS_OWN_CLASS, NO_CLASS } from '../../workspace/choices/options.ts';
import { findNearest } from '../../workspace/errors/nearest.ts';
import { type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import type { Place } from '../../workspace/place.ts';
import { homeFolder } from '../terminal/machine.ts';
import { openWorld } from '../wiring/world.ts';

/** Nobody waits longer to hear that something may be wrong. */
const LIMIT_MS = 1500;

interface Doubt {
  text: string;
  suggestion?: Suggestion;
}

/** The value as it is to be kept: a key file by its whole path, because later commands run in other folders. */
export function toLastingValue(key: SettingName, value: string): string {
  const file = path.resolve(value);
  return key === 'identity' && value !== '' && existsSync(file) ? file : value;
}

/**
 * What this machine or cluster has against a setting; undefined where it has nothing, or the cluster does not say so
 * soon.
 */
export async function findDoubt(
  key: SettingName,
  value: string,
  place: Place,
  signal: AbortSignal,
): Promise<Doubt | undefined> {
  if (key === 'identity' && /^[~/.]/.test(value) && !existsSync(value.replace(/^~(?=\/)/, () => homeFolder())))
    return { text: `there is no file ${value} yet.` };
  if (key !== 'storageClass' || ['', NO_CLASS, ITS_OWN_CLASS].includes(value)) return undefined;
  try {
    const { cluster } = await openWorld(place, { inPassing: true });
    const classes = await cluster.findStorageClasses(AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]));
    const names = classes?.map(({ name }) => name);
    if (names === undefined || names.includes(value)) return undefined;
    const known = names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}.`;
    const meant = findNearest(value, names);
    const text = `the cluster of context ${cluster.context} has no storage class ${value}. ${known}`;
    return meant === undefined ? { text } : { text, suggestion: ws`config set storage-class ${meant}` };
  } catch {
    // No kubeconfig, no cluster, no rights: then nobody knows better.
    return undefined;
  }
}
