/** No node has room for what the pod asks for. */
import { advice, kubectl, type Suggestion, ws } from '../../../errors/suggestion.ts';
import type { Cause, Finding } from '../../cause.ts';
import { type LoadSight, listSeen, listUnseen, type Quantities, type Scene } from '../../scene.ts';
import { LEAST_CPU, LEAST_MEMORY } from '../../words/least.ts';
import { toCpu, toNumber, toReadable, toSize } from '../../words/quantity.ts';
import { countFreedOn } from '../ending/freed.ts';
import { countNodes, findRefused, isSelected, listUsable, type Refused, toFinding } from './unschedulable.ts';

interface Room {
  code: string;
  resource: 'cpu' | 'memory' | 'ephemeral-storage';
  what: string;
  load: 'cpu' | 'memory' | 'storage';
  help: string;
}

const ROOMS: Room[] = [
  {
    code: 'NODE_CPU',
    resource: 'cpu',
    what: 'CPU',
    load: 'cpu',
    help: 'Ask for less with `--cpu`, or wait for a node.',
  },
  {
    code: 'NODE_MEMORY',
    resource: 'memory',
    what: 'memory',
    load: 'memory',
    help: 'Ask for less with `--memory`, or wait for a node.',
  },
  {
    code: 'NODE_STORAGE',
    resource: 'ephemeral-storage',
    what: 'temporary storage',
    load: 'storage',
    help: 'Ask for less with `resources.requests.ephemeral-storage` in a values file, or wait for a node.',
  },
];

export const INSUFFICIENT: Cause[] = ROOMS.map((room) => ({
  code: room.code,
  group: 'scheduling',
  title: `No node has so much ${room.what} left`,
  looksLike: `The pod stays pending; the scheduler says "Insufficient ${room.resource}".`,
  help: room.help,
  waiting: 'helps',
  find: (scene) => findShortage(scene, room),
}));

function findShortage(scene: Scene, room: Room): Finding[] {
  const refused = findRefused(scene, new RegExp(`^Insufficient ${room.resource}$`));
  if (refused === undefined) return [];
  if (isFreed(scene, room, refused)) return [];
  const asked = refused.wants?.requests[room.resource];
  const free = listFree(scene, room);
  const most = free.toSorted((one, other) => other.free - one.free)[0];
  const amount = asked === undefined ? '' : ` for ${toReadable(room.resource, asked)}`;
  const room_ = most === undefined ? '' : `; most is left on ${most.name}: ${format(room, most.free)}`;
  return [
    toFinding(refused, {
      message: `There is no room${amount} of ${room.what} on ${countNodes(refused)}${room_}`,
      evidence: free.map(
        ({ name, total, free: left }) =>
          `${name}: ${format(room, total)} in all, ${format(room, total - left)} taken, ${format(room, left)} left`,
      ),
      suggestions: suggest(room, refused, scene),
      unseen: listUnseen(['the nodes', scene.around.nodes], ['what other pods ask for', scene.around.loads]),
    }),
  ];
}

/** Whether the only reasons that no node takes the pod are amounts that its own predecessor gives back as it ends. */
export function isMadeByOwn(scene: Scene): boolean {
  const refused = findRefused(scene, /^Insufficient /);
  if (refused === undefined) return false;
  const short = ROOMS.filter(({ resource }) => refused.refusals.some(({ why }) => why === `Insufficient ${resource}`));
  return short.length > 0 && short.every((room) => isFreed(scene, room, refused));
}

/**
 * Whether the room that the workspace's ending pod leaves on its node, with what is free there, is what is asked for.
 */
function isFreed(scene: Scene, { resource, load }: Room, { wants }: Refused): boolean {
  const asked = toNumber(wants?.requests[resource]) ?? 0;
  const free = new Map(listFree(scene, { resource, load }).map((one) => [one.name, one.free]));
  return (scene.snapshot?.endingPods ?? []).some(({ node }) => {
    const freed = node === undefined ? 0 : countFreedOn(node, `requests.${resource}`, scene);
    return freed > 0 && freed + (free.get(node ?? '') ?? 0) >= asked;
  });
}

interface Free {
  name: string;
  total: number;
  free: number;
}

/** Of the nodes that the pod may be put on. Empty where their load is not known. */
function listFree(scene: Scene, { resource, load }: Pick<Room, 'resource' | 'load'>): Free[] {
  if (scene.around.loads.kind !== 'seen') return [];
  const loads = new Map(listSeen(scene.around.loads).map((one): [string, LoadSight] => [one.node, one]));
  const wants = scene.snapshot?.pod?.wants ?? scene.snapshot?.deployment?.wants;
  return listUsable(scene)
    .filter((node) => isSelected(node, wants))
    .flatMap(({ name, allocatable }) => {
      const total = toNumber((allocatable as Quantities)[resource]);
      return total === undefined ? [] : [{ name, total, free: Math.max(0, total - (loads.get(name)?.[load] ?? 0)) }];
    });
}

function format({ resource }: Room, amount: number): string {
  return resource === 'cpu' ? toCpu(amount) : toSize(amount);
}

/** What fits on one node, both amounts together: one alone would leave the pod where it is. */
function suggest(room: Room, refused: Refused, scene: Scene): Suggestion[] {
  const nodes = { ...kubectl`describe nodes`, note: 'shows what is taken on each' };
  if (room.resource === 'ephemeral-storage') {
    const [most] = listFree(scene, room).toSorted((one, other) => other.free - one.free);
    if (most === undefined) return [nodes];
    return [
      advice(`Ask for at most ${toSize(most.free)} by resources.requests.ephemeral-storage in a values file`),
      nodes,
    ];
  }
  const cpus = new Map(listFree(scene, { resource: 'cpu', load: 'cpu' }).map(({ name, free }) => [name, free]));
  const sizes = new Map(listFree(scene, { resource: 'memory', load: 'memory' }).map(({ name, free }) => [name, free]));
  const asked = refused.wants?.requests ?? {};
  const [cpu = 0, memory = 0] = [toNumber(asked['cpu']), toNumber(asked['memory'])];
  const fitting = [...cpus]
    .map(([name, free]) => ({ name, cpu: free, memory: sizes.get(name) ?? 0 }))
    .filter((node) => node.cpu >= Math.min(cpu, LEAST_CPU) && node.memory >= Math.min(memory, LEAST_MEMORY))
    .toSorted(
      (one, other) =>
        other.cpu / (cpu || 1) + other.memory / (memory || 1) - one.cpu / (cpu || 1) - one.memory / (memory || 1),
    );
  const [best] = fitting;
  if (best === undefined) return [nodes];
  const note = `fits on ${best.name}`;
  const [isCpuShort, isMemoryShort] = [best.cpu < cpu, best.memory < memory];
  if (isCpuShort && isMemoryShort)
    return [{ ...ws`up --cpu ${toCpu(best.cpu)} --memory ${toSize(best.memory)}`, note }, nodes];
  if (isCpuShort) return [{ ...ws`up --cpu ${toCpu(best.cpu)}`, note }, nodes];
  if (isMemoryShort) return [{ ...ws`up --memory ${toSize(best.memory)}`, note }, nodes];
  return [nodes];
}
