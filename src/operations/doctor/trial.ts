/** What `ws doctor` knows of a new workspace before it is made: the API server judges one, and makes none. */
import { releaseName } from '../../contract/labels.ts';
import { toValues } from '../../workspace/choices/values.ts';
import { findCauses } from '../../workspace/diagnosis/diagnosis.ts';
import type { WorkspaceError } from '../../workspace/errors/errors.ts';
import { SOME_KEY } from '../../workspace/keys/public-key.ts';
import { DEFAULT_HOME_SIZE } from '../../workspace/names.ts';
import type { Refused } from '../../workspace/release/releases.ts';
import type { Cluster, World } from '../../workspace/world.ts';
import { good, type Judgement, warning } from './examine.ts';

/** No workspace that somebody has: what is there already is not judged as new. */
const TRIAL = 'doctor-trial';

export async function judgeTrial(
  cluster: Pick<Cluster, 'tryObjects' | 'lookAround'>,
  releases: Pick<World['releases'], 'render'>,
  signal: AbortSignal,
): Promise<Judgement> {
  const choices = { storageClass: 'default', size: DEFAULT_HOME_SIZE };
  const values = toValues({ workspace: TRIAL, choices, authorizedKeys: [SOME_KEY] });
  const refused = await cluster.tryObjects(await releases.render(releaseName(TRIAL), values, signal), signal);
  const unjudged = listUnjudged(refused);
  const all = refused.filter(({ why }) => why !== undefined);
  if (refused.some(({ kind, why }) => kind === 'Deployment' && why === undefined)) return warning(unjudged.join());
  if (all.length === 0) return good(['a new workspace would be taken', ...unjudged].join('; '));
  const around = await cluster.lookAround(signal);
  const causes = all.map(({ why }) => findCauses({ snapshot: undefined, around, failure: why as WorkspaceError })[0]);
  const told = all.map(({ kind, why }, at) => causes[at]?.message ?? `its ${kind} would be refused: ${why?.reason}`);
  const first = causes.find((cause) => cause !== undefined);
  return {
    ...warning([...told, ...unjudged].join('; '), first?.suggestions[0]),
    ...(first === undefined ? {} : { code: first.code }),
  };
}

/** Who may make Deployments need not be one who may make pods. */
function listUnjudged(refused: Refused[]): string[] {
  const kinds = refused.flatMap(({ kind, why }) => (why === undefined ? [kind] : []));
  return kinds.length === 0 ? [] : [`not seen: its ${kinds.join(' and ')}, which you may not make yourself`];
}
