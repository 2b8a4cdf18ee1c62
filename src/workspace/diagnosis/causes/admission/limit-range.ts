/** A LimitRange of the namespace allows less, or wants more. */
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

/** One command within all bounds; undefined where they leave too little, or no flag says it. */
function suggest(bounds: BoundRefusal[], scene: Scene): Suggestion | undefined {
  const size = toBound(bounds, 'storage', scene);
  if (size !== undefined && bounds.every(({ resource }) => resource === 'storage'))
    return size < LEAST_HOME ? undefined : { ...ws`up --size ${toSize(size)}`, note: 'what it allows' };
  const low = bounds.filter(({ kind, of }) => kind === 'minimum' && of === 'request');
  if (low.length > 0)
    return advice(
      `Ask for at least ${low.map(({ resource, bound }) => `${bound} by resources.requests.${resource}`).join(' and ')} in a values file`,
    );
  const [cpu, memory] = [toBound(bounds, 'cpu', scene), toBound(bounds, 'memory', scene)];
  if ((cpu ?? LEAST_CPU) < LEAST_CPU || (memory ?? LEAST_MEMORY) < LEAST_MEMORY) return undefined;
  const note = 'what it allows';
  if (cpu !== undefined && memory !== undefined)
    return { ...ws`up --cpu ${toCpu(cpu)} --memory ${toSize(memory)}`, note };
  if (cpu !== undefined) return { ...ws`up --cpu ${toCpu(cpu)}`, note };
  if (memory !== undefined) return { ...ws`up --memory ${toSize(memory)}`, note };
  const others = [...new Set(bounds.map(({ resource, bound }) => `${resource} ${bound}`))];
  return advice(`Keep to ${others.join(' and ')} below resources in a values file`);
}

/** The limit of one resource that all bounds of it allow. */
function toBound(bounds: BoundRefusal[], resource: string, scene: Scene): number | undefined {
  const request = toNumber(findWants(scene)?.requests[resource]);
  const numbers = bounds
    .filter((one) => one.resource === resource)
    .map(({ kind, bound }) =>
      kind === 'ratio' ? (toNumber(bound) ?? 1) * (request ?? Number.NaN) : (toNumber(bound) ?? Number.NaN),
    )
    .filter((number) => !Number.isNaN(number));
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}
