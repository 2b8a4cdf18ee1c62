/** What a change of the pod's template is for the pod that runs. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { AmountChange } from '../../workspace/diagnosis/scene.ts';
import { toCanonical } from '../../workspace/diagnosis/words/quantity.ts';
import type { Amounts } from '../../workspace/state/cluster-pods.ts';
import { WORKSPACE_CONTAINER } from '../../workspace/state/selectors.ts';

export type TemplateVerdict =
  | { kind: 'nothing' }
  /** Nothing but these amounts, which a node can change in a pod that runs; and those before. */
  | { kind: 'resize'; from: Amounts; to: Amounts }
  /** With the amounts, where these change along with something else. */
  | { kind: 'restart'; change?: AmountChange };

interface Container {
  name?: string;
  resources?: Amounts;
}

interface Template {
  spec?: {
    containers?: Container[];
    initContainers?: Container[];
    volumes?: { emptyDir?: { medium?: string; sizeLimit?: string } }[];
  };
}

/** Of pairs of templates, before and after: as the manifests have them, and as the cluster does. */
export function judgeChange(...pairs: [before: object | undefined, after: object | undefined][]): TemplateVerdict {
  if (pairs.some(([before, after]) => before === undefined || after === undefined)) return { kind: 'restart' };
  if (pairs.every(([before, after]) => isSame(before, after))) return { kind: 'nothing' };
  const isOfAmounts = pairs.every(([before, after]) => isSame(withoutAmounts(before), withoutAmounts(after)));
  const [before, after] = pairs.at(-1) ?? [];
  const [from, to] = [findAmounts(before), findAmounts(after)];
  if (from === undefined || to === undefined) return { kind: 'restart' };
  if (isOfAmounts) return { kind: 'resize', from, to };
  return isDeepStrictEqual(listComparable(from), listComparable(to))
    ? { kind: 'restart' }
    : { kind: 'restart', change: { from, to } };
}

/** As the Deployment's controller compares templates: quantities by what they are worth, however they are written. */
function isSame(one: Template | undefined, other: Template | undefined): boolean {
  return isDeepStrictEqual(toComparable(one), toComparable(other));
}

function toComparable(template: Template | undefined): object {
  const copy = structuredClone(template ?? {});
  for (const container of [...(copy.spec?.containers ?? []), ...(copy.spec?.initContainers ?? [])])
    if (container.resources !== undefined) Object.assign(container.resources, listComparable(container.resources));
  for (const { emptyDir } of copy.spec?.volumes ?? [])
    if (emptyDir?.sizeLimit !== undefined) emptyDir.sizeLimit = toCanonical(emptyDir.sizeLimit) ?? '';
  return copy;
}

function listComparable({ limits, requests }: Amounts): Amounts {
  const compare = (amounts: Record<string, string>) =>
    Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, toCanonical(amount) ?? '']));
  return {
    ...(limits === undefined ? {} : { limits: compare(limits) }),
    ...(requests === undefined ? {} : { requests: compare(requests) }),
  };
}

/** What the workspace's container of a template may have of CPU and memory, and asks for. */
export function findAmounts(template: Template | undefined): Amounts | undefined {
  const resources = template?.spec?.containers?.find(({ name }) => name === WORKSPACE_CONTAINER)?.resources;
  if (resources === undefined) return undefined;
  const { limits = {}, requests = {} } = resources;
  return { limits: pick(limits), requests: pick(requests) };
}

/**
 * As text: of `cpu: 2`, a manifest has a number. Other amounts, as that of ephemeral storage, stay as they are for as
 * long as the pod lives.
 */
function pick({ cpu, memory }: Record<string, string>): Record<string, string> {
  return {
    ...(cpu === undefined ? {} : { cpu: String(cpu) }),
    ...(memory === undefined ? {} : { memory: String(memory) }),
  };
}

/**
 * The template without the amounts, though with their names: one that is new or gone changes the pod's class. Folders
 * in memory go along: the chart sizes /dev/shm by the memory, and the pod gets that at its next start. So do the init
 * containers, which have ended.
 */
function withoutAmounts(template: Template | undefined): object {
  const copy = structuredClone(template ?? {});
  const workspace = copy.spec?.containers?.filter(({ name }) => name === WORKSPACE_CONTAINER) ?? [];
  for (const { resources = {} } of [...workspace, ...(copy.spec?.initContainers ?? [])])
    for (const amounts of [resources.limits ?? {}, resources.requests ?? {}])
      for (const amount of ['cpu', 'memory']) if (amount in amounts) amounts[amount] = '';
  for (const { emptyDir } of copy.spec?.volumes ?? []) if (emptyDir?.medium === 'Memory') delete emptyDir.sizeLimit;
  return copy;
}
