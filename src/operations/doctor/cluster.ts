/** What `ws doctor` says of the way to the cluster, and of the place there. */
import type { Credentials } from '../../workspace/api-access.ts';
import type { ApiTrust } from '../../workspace/api-trust.ts';
import { findCauses } from '../../workspace/diagnosis/diagnosis.ts';
import { type Surroundings, UNASKED } from '../../workspace/diagnosis/scene.ts';
import { enumerate } from '../../workspace/errors/enumerate.ts';
import type { WorkspaceError } from '../../workspace/errors/errors.ts';
import { advice, ws } from '../../workspace/errors/suggestion.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { Cluster } from '../../workspace/world.ts';
import { findMissing } from '../checks/rights/find-missing.ts';
import { listPermissions } from '../checks/rights/permissions.ts';
import { bad, good, type Judgement, warning } from './examine.ts';
import { writeMissingRole } from './missing-role.ts';

export function judgeKubeconfig({ access, context }: Pick<Cluster, 'access' | 'context'>): Judgement {
  const [there, missing] = [true, false].map((isThere) =>
    access.files.filter((file) => file.isThere === isThere).map(({ path }) => path),
  );
  if (access.files.length === 0) return good(`the pod's service account, context ${context}`);
  const found = `${there?.join(', ')}, context ${context}`;
  return missing?.length === 0 ? good(found) : warning(`${found}; not there: ${missing?.join(', ')}`);
}

export function judgeCredentials(credentials: Credentials): Judgement {
  switch (credentials.kind) {
    case 'plugin': {
      const { command, foundAt, installHint } = credentials;
      if (foundAt !== undefined) return good(`the plugin ${foundAt}`);
      const hint = installHint?.split('\n')[0] ?? '';
      return bad(`the plugin ${command} is not on PATH${hint === '' ? '' : `: ${hint}`}`);
    }
    case 'none':
      return warning('none: the cluster takes you for anonymous');
    case 'auth-provider':
      return good('the token of an auth-provider');
    default:
      return good(`a ${credentials.kind} of the kubeconfig`);
  }
}

/** Who vouches for the API server. Host keys come from it. */
export function judgeTrust(trust: ApiTrust): Judgement {
  switch (trust.kind) {
    case 'authority':
      return good(`that of ${trust.from}${toServerName(trust)}`);
    case 'system':
      return good(`those that this machine trusts${toServerName(trust)}`);
    case 'none':
      return warning(
        trust.reason === 'skipped'
          ? 'none: insecure-skip-tls-verify in the kubeconfig, so whoever is on the way can be the API server; no new host key is pinned'
          : 'none: http:// in the kubeconfig, so everybody on the way reads along; no credentials are sent, and no new host key is pinned',
        advice('Give the cluster an https:// server and its certificate-authority in the kubeconfig'),
      );
  }
}

function toServerName({ serverName }: { serverName: string | undefined }): string {
  return serverName === undefined ? '' : `, for the name ${serverName}`;
}

export async function judgeNamespace(cluster: Cluster, signal: AbortSignal): Promise<Judgement> {
  const { namespace } = cluster;
  const state = await cluster.findNamespace(signal);
  if (state === undefined)
    return bad(`${namespace} does not exist`, { ...ws`up --create-namespace`, place: { namespace } });
  return state === 'terminating'
    ? bad(`${namespace} is being deleted`, { ...ws`up`, place: { namespace: 'NAME' } })
    : good(namespace);
}

export async function judgePermissions(cluster: Cluster, signal: AbortSignal): Promise<Judgement> {
  const wanted = listPermissions({ kind: 'claim', storageClass: undefined, size: undefined });
  const missing = await findMissing(wanted, cluster, signal);
  const names = missing.map(
    ({ verb, resource, subresource }) => `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`,
  );
  return missing.length === 0
    ? good('all there')
    : {
        ...bad(
          `missing: ${names.join(', ')}`,
          advice('Ask for the Role in docs/operators.md, or for what is missing:'),
        ),
        lines: writeMissingRole(missing, cluster.namespace),
      };
}

export async function judgeStorageClasses(cluster: Cluster, signal: AbortSignal): Promise<Judgement> {
  const classes = await cluster.findStorageClasses(signal);
  if (classes === undefined)
    return warning("may not be listed: a home gets the cluster's default", {
      ...ws`up --storage-class NAME`,
      note: 'makes one on a class that you know',
    });
  if (classes.length === 0) return warning('none: a home can only be an emptyDir', ws`up --storage-class none`);
  const names = classes.map((entry) => (entry.isDefault ? `${entry.name} (default)` : entry.name)).join(', ');
  const [first] = classes;
  return first === undefined || classes.some(({ isDefault }) => isDefault)
    ? good(names)
    : warning(`${names}; none is the default, so --yes makes no volume`, ws`up --storage-class ${first.name}`);
}

/** What was seen besides the workspaces. */
export interface Besides {
  around?: Surroundings;
  /** By release: why nobody can log in though it is ready. */
  closed?: ReadonlyMap<string, WorkspaceError>;
}

/** What is wrong with each, as `ws status` says it. */
export function listTroubles(workspaces: WorkspaceSnapshot[], { around = UNASKED, closed }: Besides = {}) {
  return workspaces.flatMap((snapshot) => {
    const failure = closed?.get(snapshot.release);
    const [nearest] = findCauses({ snapshot, around, ...(failure === undefined ? {} : { failure }) });
    return nearest === undefined ? [] : [{ name: snapshot.name, nearest }];
  });
}

/** What is wrong with several, such as an image that no node gets, is said once. */
function tellTroubles(troubles: ReturnType<typeof listTroubles>): string {
  const named = Map.groupBy(troubles, ({ nearest }) => `${nearest.message} (${nearest.code})`);
  return [...named]
    .map(
      ([words, those]) =>
        `${enumerate(
          those.map(({ name }) => name),
          'and',
        )}: ${words}`,
    )
    .join('; ');
}

/** How many workspaces a line names. */
const NAMED = 5;

/** Those of 0.1 have the 64 MiB of /dev/shm that a container gets by itself: browsers under test end there. */
export function judgeWorkspaces(workspaces: WorkspaceSnapshot[], besides: Besides = {}): Judgement {
  const made = workspaces.filter(({ deployment }) => deployment !== undefined && deployment.damage === undefined);
  const troubles = listTroubles(workspaces, besides);
  const [trouble] = troubles;
  if (trouble !== undefined) return warning(tellTroubles(troubles), trouble.nearest.suggestions[0]);
  const [old] = made.filter(({ deployment }) => deployment?.sharedMemory === undefined);
  if (old !== undefined)
    return warning(`${old.name}: /dev/shm is the container's own, 64 MiB, which browsers under test use up`, {
      ...ws`up --repair`,
      workspace: old.name,
      note: 'brings what the chart has now, and restarts it',
    });
  if (made.length === 0) return good('none yet');
  const named = made.slice(0, NAMED).map(({ name, pod }) => `${name} (${pod?.ready === true ? 'ready' : 'not ready'})`);
  return good([...named, ...(made.length > NAMED ? [`${made.length - NAMED} more`] : [])].join(', '));
}
