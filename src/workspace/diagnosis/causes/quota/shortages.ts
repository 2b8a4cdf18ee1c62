/**
 * What of a quota is used up for a workspace: by the words of the refusal, and by the quotas as far as they were seen.
 */
import { findRefusal, findWants } from '../../parts.ts';
import { type AmountChange, listSeen, type QuotaSight, type Scene } from '../../scene.ts';
import { toCpu, toNumber, toReadable, toSize } from '../../words/quantity.ts';
import { readQuotaRefusal } from '../../words/refusals.ts';
import { countFreed } from '../ending/freed.ts';

/** One resource of one quota. */
export interface Shortage {
  quota: string;
  /** `limits.cpu`, `pods` */
  resource: string;
  requested: string;
  used: string;
  limited: string;
  /** What is left, in cores, bytes or pieces. Never less than nothing. */
  left: number;
  /** Whether `used` is what others use: the pod that runs makes way for the one that asks. */
  isOfOthers?: boolean;
  /** Whether `requested` is what a claim that is there asks for besides what it has. */
  isMore?: boolean;
  /** Something else has refused the pod, and this would once that is gone. */
  isNext?: boolean;
}

export function listShortages(scene: Scene): Shortage[] {
  if (scene.change !== undefined && scene.failure === undefined) return listForeseen(scene, scene.change);
  const words = findRefusal(scene);
  const refusal = words === undefined ? undefined : readQuotaRefusal(words);
  if (refusal === undefined) return words === undefined ? [] : listNext(scene);
  const { quota, requested, used, limited } = refusal;
  const { change } = scene;
  const told = Object.entries(requested).flatMap(([resource, amount]) =>
    toShortage(quota, resource, amount, used[resource] ?? '0', limited[resource]),
  );
  // The refusal counts what is asked for more, and the pod that runs among what is used.
  if (change !== undefined) return told.flatMap((one) => toNewPod(one, change));
  if (findGrowing(scene) !== undefined) return told.map((one) => ({ ...one, isMore: true }));
  // The API server names one quota only; another one may refuse the same pod after it.
  const others = told.some(({ resource }) => isOfPod(resource)) ? listOthers(scene) : [];
  const isTold = (one: Shortage) => told.some((other) => other.quota === one.quota && other.resource === one.resource);
  const all = [...told, ...others.filter((one) => !isTold(one))];
  return scene.failure === undefined ? all.flatMap((one) => toNow(one, scene)) : all;
}

/**
 * Whether a quota refused the pod, and has room for it by now or will have it once the pod before is gone: the
 * ReplicaSet tries again by itself.
 */
export function isRoomComing(scene: Scene): boolean {
  const words = scene.failure === undefined ? findRefusal(scene) : undefined;
  const refusal = words === undefined ? undefined : readQuotaRefusal(words);
  if (refusal === undefined) return false;
  const { quota, requested, used, limited } = refusal;
  const told = Object.entries(requested).map(([resource, amount]) =>
    toShortage(quota, resource, amount, used[resource] ?? '0', limited[resource]),
  );
  return told.length > 0 && told.every(([one]) => one !== undefined) && listShortages(scene).length === 0;
}

/**
 * The refusal of a ReplicaSet stands until it tries again, minutes later: what the quota says now counts more, and what
 * the workspace's own pods have that are ending is as good as free. Nothing where it fits.
 */
function toNow(one: Shortage, scene: Scene): Shortage[] {
  const { quota, resource, requested } = one;
  const seen = listSeen(scene.around.quotas).find(({ name }) => name === quota);
  const [now = one] = toShortage(
    quota,
    resource,
    requested,
    seen?.used[resource] ?? one.used,
    seen?.hard[resource] ?? one.limited,
  );
  const [total = 0, taken = 0, asked = 0] = [now.limited, now.used, requested].map(toNumber);
  const freed = countFreed(resource, scene);
  const others = Math.max(0, taken - freed);
  const left = Math.max(0, total - others);
  if (left > one.left && asked <= left) return [];
  return freed === 0 ? [now] : [{ ...now, used: toAmount(resource, others), left, isOfOthers: true }];
}

function toAmount(resource: string, amount: number): string {
  if (/pods$/.test(resource)) return String(amount);
  return amount === 0 ? '0' : /cpu$/.test(resource) ? toCpu(amount) : toSize(amount);
}

/** Of the API server's gates the quotas are the last one: whoever refused a pod before them has not asked them yet. */
function listNext(scene: Scene): Shortage[] {
  return scene.failure === undefined ? listOthers(scene).map((one) => ({ ...one, isNext: true })) : [];
}

/** What the home's claim has, in bytes, where it was refused more; undefined for a new claim, and for other objects. */
export function findGrowing(scene: Scene): number | undefined {
  const { home } = scene.snapshot ?? {};
  const isOfClaim = /^.{0,1000}persistentvolumeclaims? "/s.test(scene.failure?.reason ?? '');
  return isOfClaim && home?.kind === 'claim' ? toNumber(home.claim.requested) : undefined;
}

/** What the quotas as they were seen will refuse to a new pod, and to what is made with it. */
function listForeseen(scene: Scene, change: AmountChange): Shortage[] {
  const quotas = listSeen(scene.around.quotas).filter(({ isScoped }) => !isScoped);
  const { limits = {}, requests = {} } = change.to;
  const asked = [
    ...Object.entries(requests).flatMap(([name, amount]) => [`requests.${name}`, name].map((one) => [one, amount])),
    ...Object.entries(limits).map(([name, amount]) => [`limits.${name}`, amount]),
  ] as [string, string][];
  const amounts = quotas
    .flatMap(({ name, hard, used }) =>
      asked.flatMap(([resource, amount]) => toShortage(name, resource, amount, used[resource] ?? '0', hard[resource])),
    )
    .flatMap((one) => toNewPod(one, change, countFreed(one.resource, scene)));
  const counts = Object.entries(change.counts ?? {}).flatMap(([resource, amount]) =>
    quotas.flatMap((quota) => findExceeded(withoutFreed(quota, resource, scene), resource, amount)),
  );
  return [...amounts, ...counts];
}

/** The workspace's own pods that are ending give back what they have before the next one comes. */
function withoutFreed(quota: QuotaSight, resource: string, scene: Scene): QuotaSight {
  const freed = countFreed(resource, scene);
  if (freed === 0) return quota;
  const used = Math.max(0, (toNumber(quota.used[resource]) ?? 0) - freed);
  return { ...quota, used: { ...quota.used, [resource]: toAmount(resource, used) } };
}

function isOfPod(resource: string): boolean {
  return !/storage$|persistentvolumeclaims$/.test(resource) || /ephemeral-storage$/.test(resource);
}

function listOthers(scene: Scene): Shortage[] {
  const wants = findWants(scene);
  if (wants === undefined) return [];
  const asked: [string, string][] = [
    ...Object.entries(wants.requests).flatMap(([name, amount]): [string, string][] => [
      [`requests.${name}`, amount],
      [name, amount],
    ]),
    ...Object.entries(wants.limits).map(([name, amount]): [string, string] => [`limits.${name}`, amount]),
    ['pods', '1'],
    ['count/pods', '1'],
  ];
  return listSeen(scene.around.quotas)
    .filter(({ isScoped }) => !isScoped)
    .flatMap((quota) => asked.flatMap(([resource, amount]) => findExceeded(quota, resource, amount)));
}

function findExceeded({ name, hard, used }: QuotaSight, resource: string, amount: string): Shortage[] {
  const [shortage] = toShortage(name, resource, amount, used[resource] ?? '0', hard[resource]);
  return shortage !== undefined && (toNumber(amount) ?? 0) > shortage.left ? [shortage] : [];
}

function toShortage(
  quota: string,
  resource: string,
  requested: string,
  used: string,
  limited: string | undefined,
): Shortage[] {
  const [total, taken] = [toNumber(limited), toNumber(used)];
  if (limited === undefined || total === undefined || taken === undefined) return [];
  return [{ quota, resource, requested, used, limited, left: Math.max(0, total - taken) }];
}

/** The same for a pod that takes the place of the one that runs, or of those that end; nothing where that would fit. */
function toNewPod(one: Shortage, { from, to }: AmountChange, freed = 0): Shortage[] {
  const { kind, name } = /^(?<kind>limits\.|requests\.|)(?<name>cpu|memory)$/.exec(one.resource)?.groups ?? {};
  if (kind === undefined || name === undefined) return [];
  const which = kind === 'limits.' ? 'limits' : 'requests';
  const [own, wanted] = [from, to].map((amounts) => amounts[which]?.[name]);
  const [free, taken, asked] = [own ?? '0', one.used, wanted].map(toNumber);
  if (wanted === undefined || free === undefined || taken === undefined || asked === undefined) return [];
  const others = Math.max(0, taken - free - freed);
  const left = Math.max(0, (toNumber(one.limited) ?? 0) - others);
  if (asked <= left) return [];
  return [{ ...one, requested: wanted, used: toAmount(name, others), left, isOfOthers: true }];
}

/** The numbers side by side. */
export function describeShortage({ quota, resource, requested, used, limited, isOfOthers, isMore }: Shortage): string {
  const [asked, taken, all] = [requested, used, limited].map((amount) => toReadable(resource, amount));
  return `quota ${quota}, ${resource}: requested ${asked}${isMore === true ? ' more' : ''}, used ${isOfOthers === true ? 'by others ' : ''}${taken}, limit ${all}`;
}

/** The same as a clause. */
export function tellShortage({ quota, resource, requested, used, limited, isOfOthers, isMore }: Shortage): string {
  const [asked, taken, all] = [requested, used, limited].map((amount) => toReadable(resource, amount));
  const where = isOfOthers === true ? `${taken} is used by others` : `${taken} is used`;
  return `quota ${quota} allows ${all} of ${resource}, ${where}, and the workspace asks for ${asked}${isMore === true ? ' more' : ''}`;
}
