/** A LimitRange of the namespace allows less, or wants more. */
import { enumerate } from '../../../errors/enumerate.ts';
import { advice, kubectl, type Suggestion, ws } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';
import { findRefusal, findWants } from '../../parts.ts';
import { type AmountChange, listSeen, listUnseen, type Scene } from '../../scene.ts';
import { LEAST_CPU, LEAST_HOME, LEAST_MEMORY } from '../../words/least.ts';
import { isSameAmount, toCpu, toNumber, toReadable, toSize } from '../../words/quantity.ts';
import { type BoundRefusal, readBoundRefusals } from '../../words/refusals.ts';

export const LIMIT_RANGE: Cause = {
  code: 'LIMIT_RANGE',
  group: 'admission',
  title: 'A LimitRange does not allow these amounts',
  looksLike: 'No pod or no volume is made; the refusal says "maximum memory usage per Container is" or the like.',
  help: 'Ask for what it allows: `--cpu`, `--memory` or `--size`.',
  waiting: 'useless',
  find: (scene) => {
    const bounds = listBounds(scene);
    if (bounds.length === 0) return [];
    const names = [...new Set(bounds.flatMap((bound) => findRange(scene, bound) ?? []))];
    const subject = names.length === 0 ? 'A LimitRange of the namespace' : `LimitRange ${names.join(' and ')}`;
    const suggestion = suggest(bounds, scene);
    return [
      {
        reason: bounds.some(({ type }) => type === 'PersistentVolumeClaim') ? 'Forbidden' : 'FailedCreate',
        message: `${subject} ${bounds.map(tell).join('; it ')}${suggestion === undefined ? '. What it allows is too little for a workspace' : ''}`,
        evidence: bounds.map(describe),
        suggestions: [
          ...(suggestion === undefined ? [] : [suggestion]),
          { ...kubectl`describe limitrange`, note: 'shows what is allowed' },
          ...(suggestion === undefined ? [advice('Ask whoever manages the namespace to allow more')] : []),
        ],
        unseen: names.length > 0 ? [] : listUnseen(['the limit ranges', scene.around.limitRanges]),
      },
    ];
  },
};

function listBounds(scene: Scene): BoundRefusal[] {
  if (scene.change !== undefined && scene.failure === undefined) return listForeseen(scene, scene.change);
  const words = findRefusal(scene);
  return words === undefined ? [] : readBoundRefusals(words);
}

/** What the limit ranges as they were seen will refuse to a new pod: what is asked for least, or may be had at most. */
function listForeseen({ around }: Scene, { to }: AmountChange): BoundRefusal[] {
  const { limits = {}, requests = {} } = to;
  const isOver = (one: string | undefined, other: string | undefined) =>
    (toNumber(one) ?? Number.NaN) > (toNumber(other) ?? Number.NaN);
  const ofContainer = listSeen(around.limitRanges).filter(({ type }) => type === 'Container');
  return ofContainer.flatMap(({ type, max, min }) => [
    ...Object.entries(max)
      .filter(([name, bound]) => isOver(limits[name], bound))
      .map(([resource, bound]) => {
        const given = limits[resource];
        return { kind: 'maximum' as const, of: 'limit' as const, resource, type, bound, given };
      }),
    ...Object.entries(min)
      .filter(([name, bound]) => isOver(bound, requests[name]))
      .map(([resource, bound]) => {
        const given = requests[resource];
        return { kind: 'minimum' as const, of: 'request' as const, resource, type, bound, given };
      }),
  ]);
}

/** Which one has this bound. */
function findRange({ around }: Scene, { kind, resource, type, bound }: BoundRefusal): string | undefined {
  if (kind === 'ratio') return undefined;
  return listSeen(around.limitRanges).find((range) => {
    const its = (kind === 'minimum' ? range.min : range.max)[resource];
    return range.type === type && isSameAmount(its, bound);
  })?.name;
}

function tell({ kind, resource, type, bound, of, given }: BoundRefusal): string {
  const whose = { Container: 'a container', Pod: 'a pod', PersistentVolumeClaim: 'a volume' }[type] ?? type;
  if (kind === 'ratio')
    return `allows ${whose} a limit of ${resource} that is at most ${bound} times the request${given === undefined ? '' : `, and it is ${Number(given)} times`}`;
  const amount = `${toReadable(resource, bound)} of ${resource}`;
  const have = given === undefined ? `says no ${of}` : `has a ${of} of ${toReadable(resource, given)}`;
  return `${kind === 'minimum' ? 'wants at least' : 'allows at most'} ${amount} for ${whose}, and the workspace ${have}`;
}

function describe({ kind, resource, type, bound, of, given = 'none' }: BoundRefusal): string {
  return `${kind} of ${resource} per ${type}: ${bound}, ${of}: ${given}`;
}

/** One line within all bounds: a command, or values that no flag sets; undefined where they leave too little. */
function suggest(bounds: BoundRefusal[], scene: Scene): Suggestion | undefined {
  const size = toBound(bounds, 'storage', scene);
  if (size !== undefined && bounds.every(({ resource }) => resource === 'storage'))
    return size < LEAST_HOME ? undefined : { ...ws`up --size ${toSize(size)}`, note: 'what it allows' };
  const [cpu, memory] = [toBound(bounds, 'cpu', scene), toBound(bounds, 'memory', scene)];
  if ((cpu ?? LEAST_CPU) < LEAST_CPU || (memory ?? LEAST_MEMORY) < LEAST_MEMORY) return undefined;
  // The flags set limits of these two and nothing else.
  if (bounds.some((bound) => isOfRequest(bound) || !['cpu', 'memory'].includes(bound.resource)))
    return advice(`Ask for ${enumerate(listAmounts(bounds, scene), 'and')} in a values file`);
  const note = 'what it allows';
  if (cpu !== undefined && memory !== undefined)
    return { ...ws`up --cpu ${toCpu(cpu)} --memory ${toSize(memory)}`, note };
  if (cpu !== undefined) return { ...ws`up --cpu ${toCpu(cpu)}`, note };
  if (memory !== undefined) return { ...ws`up --memory ${toSize(memory)}`, note };
  // A ratio to a request that nobody has made.
  const wanted = [...new Set(bounds.map(({ resource }) => `resources.requests.${resource}`))];
  return advice(`Set ${enumerate(wanted, 'and')} in a values file`);
}

/** The chart lowers a request to its limit, and raises none. */
function isOfRequest({ kind, of }: BoundRefusal): boolean {
  return kind === 'minimum' && of === 'request';
}

/** What to set in the values: each amount once, with its name. */
function listAmounts(bounds: BoundRefusal[], scene: Scene): string[] {
  const limits = findWants(scene)?.limits ?? {};
  return [...new Set(bounds.map(({ resource }) => resource))].flatMap((resource) => {
    const least = findLeastRequest(bounds, resource);
    const bound = findBound(bounds, resource, scene);
    // A request above its limit would become the limit.
    const isAbove = (toNumber(least) ?? 0) > (toNumber(limits[resource]) ?? Number.POSITIVE_INFINITY);
    const limit = bound === undefined ? (isAbove ? `at least ${least}` : undefined) : toLimit(resource, bound);
    return [
      ...(least === undefined ? [] : [`at least ${least} by resources.requests.${resource}`]),
      ...(limit === undefined ? [] : [`${limit} by resources.limits.${resource}`]),
    ];
  });
}

function toLimit(resource: string, { kind, bound, number }: NumberedBound): string {
  const amount = kind !== 'ratio' ? bound : resource === 'cpu' ? toCpu(number) : toSize(number);
  return `${kind === 'minimum' ? 'at least' : 'at most'} ${amount}`;
}

/** The largest of the requests that are wanted at least. */
function findLeastRequest(bounds: BoundRefusal[], resource: string): string | undefined {
  const own = bounds.filter((one) => one.resource === resource && isOfRequest(one));
  return own.toSorted((one, other) => (toNumber(other.bound) ?? 0) - (toNumber(one.bound) ?? 0))[0]?.bound;
}

interface NumberedBound extends BoundRefusal {
  /** The limit that it comes to. */
  number: number;
}

/** The bound of one resource's limit that holds for all others. */
function findBound(bounds: BoundRefusal[], resource: string, scene: Scene): NumberedBound | undefined {
  const request = findLeastRequest(bounds, resource) ?? findWants(scene)?.requests[resource];
  const numbered = bounds
    .filter((one) => one.resource === resource && !isOfRequest(one))
    .map((one) => {
      const number = toNumber(one.bound) ?? Number.NaN;
      return { ...one, number: one.kind === 'ratio' ? number * (toNumber(request) ?? Number.NaN) : number };
    })
    .filter(({ number }) => !Number.isNaN(number))
    .toSorted((one, other) => one.number - other.number);
  // Of what is wanted at least, the most; of what is allowed at most, the least.
  return numbered.find(({ kind }) => kind !== 'minimum') ?? numbered.at(-1);
}

function toBound(bounds: BoundRefusal[], resource: string, scene: Scene): number | undefined {
  return findBound(bounds, resource, scene)?.number;
}
