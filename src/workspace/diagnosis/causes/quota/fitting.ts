/** The amounts of CPU and memory that a quota still has room for. */
import { type Suggestion, ws } from '../../../errors/suggestion.ts';
import type { PodWants } from '../../../state/snapshot.ts';
import { LEAST_CPU, LEAST_MEMORY } from '../../words/least.ts';
import { toCpu, toNumber, toSize } from '../../words/quantity.ts';
import type { Shortage } from './shortages.ts';

/** What a quota may count of a pod: what is requested, what is allowed, or both. */
export const IS_CPU = /^(?:requests\.|limits\.)?cpu$/;
export const IS_MEMORY = /^(?:requests\.|limits\.)?memory$/;

/**
 * One command that asks for less of all that is short. `--cpu` and `--memory` are limits, and the chart lowers a
 * request to its limit. Undefined where nothing useful is left, or where something else is short as well.
 */
export function findFitting(shortages: Shortage[], wants: PodWants | undefined): Suggestion | undefined {
  const cpus = shortages.filter(({ resource }) => IS_CPU.test(resource));
  const sizes = shortages.filter(({ resource }) => IS_MEMORY.test(resource));
  if (cpus.length + sizes.length < shortages.length) return undefined;
  const cpu = Math.min(...cpus.map(({ left }) => left));
  const memory = Math.min(...sizes.map(({ left }) => left));
  if (cpu < LEAST_CPU || memory < LEAST_MEMORY) return undefined;
  const note = cpus.concat(sizes).every(isOfRequest) ? tellOfLimit(wants, cpus.length > 0) : 'as much as is left';
  if (cpus.length > 0 && sizes.length > 0) return { ...ws`up --cpu ${toCpu(cpu)} --memory ${toSize(memory)}`, note };
  if (cpus.length > 0) return { ...ws`up --cpu ${toCpu(cpu)}`, note };
  return sizes.length > 0 ? { ...ws`up --memory ${toSize(memory)}`, note } : undefined;
}

function isOfRequest({ resource }: Shortage): boolean {
  return !resource.startsWith('limits.');
}

/** Only what is requested is short, and the flag lowers what may be used as well. */
function tellOfLimit(wants: PodWants | undefined, isCpu: boolean): string {
  const name = isCpu ? 'cpu' : 'memory';
  const limit = wants?.limits[name];
  if (toNumber(limit) === undefined) return 'as much as is left';
  return `as much as is left; to keep the limit of ${limit}, lower resources.requests.${name} in a values file`;
}
