/** What a change of the pod's template is for the pod that runs. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Amounts } from '../../workspace/state/cluster-pods.ts';
import { WORKSPACE_CONTAINER } from '../../workspace/state/selectors.ts';

export type TemplateVerdict =
  | { kind: 'nothing' }
  /** Nothing but these amounts, which a node can change in a pod that runs; and those before. */
  | { kind: 'resize'; from: Amounts; to: Amounts }
  | { kind: 'restart' };

interface Container {
  name?: string;
  resources?: Amounts;
}

interface Template {
  spec?: { containers?: Container[]; volumes?: { emptyDir?: { medium?: string; sizeLimit?: string } }[] };
}

/** Of pairs of templates, before and after: as the manifests have them, and as the cluster does. */
export function judgeChange(...pairs: [before: object | undefined, after: object | undefined][]): TemplateVerdict {
  if (pairs.some(([before, after]) => before === undefined || after === undefined)) return { kind: 'restart' };
  if (pairs.every(([before, after]) => isDeepStrictEqual(before, after))) return { kind: 'nothing' };
  const isSame = pairs.every(([before, after]) => isDeepStrictEqual(withoutAmounts(before), withoutAmounts(after)));
  const [before, after] = pairs.at(-1) ?? [];
  const [from, to] = [findAmounts(before), findAmounts(after)];
  return isSame && from !== undefined && to !== undefined ? { kind: 'resize', from, to } : { kind: 'restart' };
}

function findAmounts(template: Template | undefined): Amounts | undefined {
  const resources = template?.spec?.containers?.find(({ name }) => name === WORKSPACE_CONTAINER)?.resources;
  if (resources === undefined) return undefined;
  const { limits = {}, requests = {} } = resources;
  return { limits: pick(limits), requests: pick(requests) };
}

/** Other amounts, as that of ephemeral storage, stay what they are for the pod's life. */
function pick({ cpu, memory }: Record<string, string>): Record<string, string> {
  return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
}

/**
 * The template without the amounts, though with their names: one that is new or gone changes the pod's class. Folders
 * in memory go along: the chart sizes /dev/shm by the memory, and the pod gets that at its next start.
 */
function withoutAmounts(template: Template | undefined): object {
  const copy = structuredClone(template ?? {});
  for (const { name, resources = {} } of copy.spec?.containers ?? [])
    if (name === WORKSPACE_CONTAINER)
      for (const amounts of [resources.limits ?? {}, resources.requests ?? {}])
        for (const amount of ['cpu', 'memory']) if (amount in amounts) amounts[amount] = '';
  for (const { emptyDir } of copy.spec?.volumes ?? []) if (emptyDir?.medium === 'Memory') delete emptyDir.sizeLimit;
  return copy;
}
