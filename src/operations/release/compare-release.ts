import { isDeepStrictEqual } from 'node:util';
import { withGrownHome } from '../../workspace/choices/values.ts';
import type { ReleaseBase } from '../../workspace/release/releases.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import type { TemplateVerdict } from './judge-change.ts';
import { judge, type Rewrite } from './restart.ts';

type Asked = Pick<Rewrite, 'release' | 'found' | 'values' | 'valuesFiles'>;

export interface Comparison {
  isWritten: boolean;
  /** What the write would do to the pod, where that had to be known. */
  verdict?: TemplateVerdict;
}

/**
 * Whether the release says all of it already, and the cluster has what it says: then a write would change nothing but
 * the number of its revision. Values alone are compared first: whoever changes something need not wait for more.
 */
export async function compareRelease(
  { release, found, values, valuesFiles }: Asked,
  { deployed }: Pick<ReleaseBase, 'deployed'>,
  world: World,
  signal: AbortSignal,
): Promise<Comparison> {
  if (deployed === undefined || !isWhole(found)) return { isWritten: false };
  const size = found.home.kind === 'claim' ? found.home.claim.requested : undefined;
  // A home that somebody has grown by other means is no change that was asked for.
  const before = withGrownHome(deployed, size);
  if (valuesFiles.length === 0 && !isSame(values, before)) return { isWritten: false };
  const judged = await judge({ release, values, valuesFiles }, found.deployment?.name ?? release, world, signal);
  const { verdict, values: after } = judged;
  return { isWritten: verdict.kind === 'nothing' && after !== undefined && isSame(after, before), verdict };
}

/** Nothing of it is missing or held that a write would bring back. */
function isWhole({ deployment, service, home }: WorkspaceSnapshot): boolean {
  const isStanding = deployment !== undefined && deployment.replicas > 0 && deployment.isHeld !== true;
  return isStanding && deployment.damage === undefined && service !== undefined && home.kind !== 'missing-claim';
}

function isSame(one: object, other: object): boolean {
  return isDeepStrictEqual(withoutEmpty(one), withoutEmpty(other));
}

/** A map without entries says nothing: Helm merges it into what is below. */
function withoutEmpty(values: object): object {
  const entries = Object.entries(values).map(([key, value]) => [key, isMap(value) ? withoutEmpty(value) : value]);
  return Object.fromEntries(entries.filter(([, value]) => !isMap(value) || Object.keys(value).length > 0));
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
