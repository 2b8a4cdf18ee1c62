/** What `ws doctor` says of the room that the namespace's quotas leave for one more workspace. */

import { type ChoiceName, suggestFlags } from '../../workspace/choices/chosen.ts';
import { IS_CPU, IS_MEMORY } from '../../workspace/diagnosis/causes/quota/fitting.ts';
import { listSeen, listUnseen, type QuotaSight, type Surroundings } from '../../workspace/diagnosis/scene.ts';
import { countObjects } from '../../workspace/diagnosis/words/counts.ts';
import { LEAST_CPU, LEAST_HOME, LEAST_MEMORY } from '../../workspace/diagnosis/words/least.ts';
import { toCpu, toNumber, toReadable, toSize } from '../../workspace/diagnosis/words/quantity.ts';
import { kubectl, type Suggestion } from '../../workspace/errors/suggestion.ts';
import { DEFAULT_HOME_SIZE } from '../../workspace/names.ts';
import { good, type Judgement, warning } from './examine.ts';

/** What a workspace takes that nobody said anything of: as the chart has it, which tests hold this against. */
export const DEFAULT_DEMAND: Record<string, string> = {
  cpu: '100m',
  'requests.cpu': '100m',
  'limits.cpu': '2',
  memory: '256Mi',
  'requests.memory': '256Mi',
  'limits.memory': '4Gi',
  'ephemeral-storage': '1Gi',
  'requests.ephemeral-storage': '1Gi',
  'limits.ephemeral-storage': '20Gi',
  'requests.storage': DEFAULT_HOME_SIZE,
  ...countObjects(['Deployment', 'ReplicaSet', 'Service', 'ConfigMap', 'PersistentVolumeClaim', 'Pod']),
  // The host key, the authorized keys, and what Helm keeps of its release.
  ...countObjects(['Secret', 'Secret', 'Secret']),
};

interface Room {
  quota: string;
  resource: string;
  left: number;
  /** In the unit of the quota. */
  words: string;
  fits: boolean;
}

export function judgeHeadRoom({ quotas }: Surroundings): Judgement {
  const [unseen] = listUnseen(['the quotas', quotas]);
  if (unseen !== undefined) return warning(`${unseen}: the first ws up shows whether there is room`);
  const all = listSeen(quotas);
  if (all.length === 0) return good('the namespace has no quota');
  const rooms = all.flatMap(listRooms);
  const short = rooms.filter(({ fits }) => !fits);
  if (short.length === 0) {
    const names = all.map(({ name }) => name).join(', ');
    return good(rooms.length === 0 ? `${names}, which counts nothing of a workspace` : rooms.map(describe).join('; '));
  }
  const wants = short.map((room) => `${describe(room)}, and a new workspace takes ${DEFAULT_DEMAND[room.resource]}`);
  return warning(wants.join('; '), suggest(short));
}

function listRooms({ name, hard, used }: QuotaSight): Room[] {
  return Object.entries(hard).flatMap(([resource, limit]) => {
    const [most, taken, wanted] = [limit, used[resource] ?? '0', DEFAULT_DEMAND[resource]].map(toNumber);
    if (most === undefined || taken === undefined || wanted === undefined) return [];
    const left = Math.max(0, most - taken);
    const words = `${toAmount(resource, left)} of ${toReadable(resource, limit)} left`;
    return [{ quota: name, resource, left, words, fits: left >= wanted }];
  });
}

function describe({ quota, resource, words }: Room): string {
  return `${quota}: ${resource} ${words}`;
}

function toAmount(resource: string, left: number): string {
  if (/cpu$/.test(resource)) return toCpu(left);
  return /memory$|storage$/.test(resource) ? toSize(left) : String(left);
}

/** The flags that lower what is short, and the least that is of use. */
const LOWERED: [RegExp, ChoiceName, least: number][] = [
  [IS_CPU, 'cpu', LEAST_CPU],
  [IS_MEMORY, 'memory', LEAST_MEMORY],
  [/^requests\.storage$/, 'size', LEAST_HOME],
];

/** One line that lowers all that is short: with less, another quota would refuse it. */
function suggest(short: Room[]): Suggestion {
  const canBeLowered = ({ resource, left }: Room) =>
    LOWERED.some(([pattern, , least]) => pattern.test(resource) && left >= least);
  if (!short.every(canBeLowered)) return { ...kubectl`describe quota`, note: 'shows what is used' };
  const lowered = LOWERED.flatMap(([pattern, name]) => {
    const [tightest] = short.filter(({ resource }) => pattern.test(resource)).toSorted((a, b) => a.left - b.left);
    return tightest === undefined ? [] : [[name, toAmount(tightest.resource, tightest.left)] as const];
  });
  return { ...suggestFlags(lowered), note: 'as much as is left' };
}
