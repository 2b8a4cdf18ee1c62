/** Pinned host keys, under all names that their cluster has or had (see `Cluster.getClusterId`). */

import type { PublicKey } from '../../contract/keys/public-key.ts';
import type {} from '../../workspace/api-trust.ts';
import { toHostKeyAlias } from '../../workspace/keys/identities.ts';
import type { World } from '../../workspace/world.ts';

export interface PinPlace {
  workspace: string;
  namespace: string;
}

export interface Pins {
  /** The best name there is. */
  alias: string;
  /** The keys under that name, or under the first other name that has any. */
  keys: PublicKey[];
  /** False when the keys are under another name, or when there are none. */
  isCurrent: boolean;
}

/** The pinned keys of a workspace. A pin under a former name counts like one under the best name. */
export async function findPins(place: PinPlace, world: World, signal: AbortSignal): Promise<Pins> {
  const alias = await getAlias(place, world, signal);
  const current = await world.knownHosts.find(alias);
  if (current.length > 0) return { alias, keys: current, isCurrent: true };
  for (const name of await listOtherNames(place, world, signal)) {
    const keys = await world.knownHosts.find(name);
    if (keys.length > 0) return { alias, keys, isCurrent: false };
  }
  return { alias, keys: [], isCurrent: false };
}

/** Pins a key under every name: rights to read come and go, and it is found again. Tells whether it is on file. */
export async function pinKey(
  place: PinPlace,
  key: PublicKey,
  world: World,
  signal: AbortSignal,
): Promise<'kept' | 'unkept'> {
  const names = [await getAlias(place, world, signal), ...(await listOtherNames(place, world, signal))];
  let kept: 'kept' | 'unkept' = 'kept';
  for (const name of names) if ((await world.knownHosts.pin(name, [key])) === 'unkept') kept = 'unkept';
  return kept;
}

/** Forgets the pins under every name. */
export async function forgetPins(place: PinPlace, world: World, signal: AbortSignal): Promise<void> {
  const names = [await getAlias(place, world, signal), ...(await listOtherNames(place, world, signal))];
  for (const name of names) await world.knownHosts.forget(name);
}

async function getAlias({ workspace, namespace }: PinPlace, world: World, signal: AbortSignal): Promise<string> {
  return toHostKeyAlias(workspace, namespace, await world.cluster.getClusterId(signal));
}

/** Best first. A bare address is among them while what is pinned there is no other cluster's. */
async function listOtherNames(place: PinPlace, world: World, signal: AbortSignal): Promise<string[]> {
  const { workspace, namespace } = place;
  const own = [await getAlias(place, world, signal)];
  for (const { id, isUnique } of await world.cluster.listFormerClusterIds(signal)) {
    const name = toHostKeyAlias(workspace, namespace, id);
    if (isUnique || (await isOurs(name, own, place, world))) own.push(name);
  }
  return own.slice(1);
}

/** Two clusters may have been known by one address. What the other one has under a name of its own is not ours. */
async function isOurs(name: string, own: string[], place: PinPlace, { knownHosts }: World): Promise<boolean> {
  const [key] = await knownHosts.find(name);
  if (key === undefined) return false;
  const names = await knownHosts.findNames(key);
  if (own.some((mine) => names.includes(mine))) return true;
  const prefix = toHostKeyAlias(place.workspace, place.namespace, '');
  const isElsewhere = names.some((other) => other !== name && other.startsWith(prefix));
  const isOwnElsewhere = (await Promise.all(own.map((mine) => knownHosts.find(mine)))).some((keys) => keys.length > 0);
  // We have pinned another key of our own, so the address is another cluster's.
  return !isElsewhere && !isOwnElsewhere;
}
