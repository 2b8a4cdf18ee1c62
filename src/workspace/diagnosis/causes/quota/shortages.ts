/** What of a quota is used up for a workspace: by the words of the refusal, and by the quotas as far as they were seen. */
import { findRefusal, findWants } from '../../parts.ts';
import { listSeen, type QuotaSight, type Scene } from '../../scene.ts';
import { toNumber, toReadable } from '../../words/quantity.ts';
import { readQuotaRefusal } from '../../words/refusals.ts';

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
}

export function listShortages(scene: Scene): Shortage[] {
  const words = findRefusal(scene);
  const refusal = words === undefined ? undefined : readQuotaRefusal(words);
  if (refusal === undefined) return [];
  const { quota, requested, used, limited } = refusal;
  const told = Object.entries(requested).flatMap(([resource, amount]) =>
    toShortage(quota, resource, amount, used[resource] ?? '0', limited[resource]),
  );
  // The API server names one quota only; another one may refuse the same pod after it.
  const others = told.some(({ resource }) => isOfPod(resource)) ? listOthers(scene) : [];
  const isTold = (one: Shortage) => told.some((other) => other.quota === one.quota && other.resource === one.resource);
  return [...told, ...others.filter((one) => !isTold(one))];
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

/** The numbers side by side. */
export function describeShortage({ quota, resource, requested, used, limited }: Shortage): string {
  const [asked, taken, all] = [requested, used, limited].map((amount) => toReadable(resource, amount));
  return `quota ${quota}, ${resource}: requested ${asked}, used ${taken}, limit ${all}`;
}

/** The same as a clause. */
export function tellShortage({ quota, resource, requested, used, limited }: Shortage): string {
  const [asked, taken, all] = [requested, used, limited].map((amount) => toReadable(resource, amount));
  return `quota ${quota} allows ${all} of ${resource}, ${taken} is used, and the workspace asks for ${asked}`;
}
