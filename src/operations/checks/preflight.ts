import { releaseName } from '../../contract/labels.ts';
import type { Choices } from '../../workspace/choices/chosen.ts';
import { type HomeChoice, toHomeChoice } from '../../workspace/choices/home-choice.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { namespaceMissing } from '../../workspace/errors/missing-namespace.ts';
import { advice, kubectl, ws } from '../../workspace/errors/suggestion.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { StorageClassSnapshot, WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { Permission, World } from '../../workspace/world.ts';
import { verifyHomeSize } from './verify-home-size.ts';

export interface PreflightRequest {
  workspace: string;
  choices: Choices;
  createNamespace: boolean;
  found: WorkspaceSnapshot | undefined;
}

/**
 * Everything that the cluster can be known to refuse is found out before anything is changed: the namespace, the
 * permissions, the storage class, the home. All questions are asked at once. Returns whether the namespace must be made.
 */
export async function* preflight(
  request: PreflightRequest,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, { createNamespace: boolean }, void> {
  yield { type: 'started', step: 'preflight' };
  const { cluster } = world;
  const { found } = request;
  const home = toHomeChoice(request.choices);
  const [version, namespace, missing, classes] = await Promise.all([
    cluster.getVersion(signal),
    cluster.findNamespace(signal),
    cluster.findMissingPermissions(listPermissions(home), signal),
    home?.kind === 'claim' ? cluster.findStorageClasses(signal) : undefined,
  ]);
  const mustCreate = verifyNamespace(namespace, request, world);
  verifyPermissions(missing, world);
  verifyStorageClass(home, found, classes);
  verifyHome(home, request);
  const notice = verifyHomeSize(home, found, classes);
  if (notice !== undefined) yield { type: 'noticed', level: 'warning', notice };
  await verifyExistingClaim(home, world, signal);
  yield {
    type: 'finished',
    step: 'preflight',
    fact: { kind: 'cluster', context: cluster.context, namespace: cluster.namespace, version },
  };
  return { createNamespace: mustCreate };
}

/** What helm and `ws` will ask of the API server. `docs/operators.md` has the same as a Role. */
export function listPermissions(home: HomeChoice | undefined): Permission[] {
  const kinds: [string, string][] = [
    ['apps', 'deployments'],
    ['', 'services'],
    ['', 'secrets'],
    ['', 'configmaps'],
    ...(home?.kind === 'claim' ? ([['', 'persistentvolumeclaims']] as [string, string][]) : []),
  ];
  return [
    ...kinds.flatMap(([group, resource]) =>
      ['get', 'create', 'patch', 'delete'].map((verb) => ({ group, resource, verb })),
    ),
    { group: '', resource: 'pods', verb: 'list' },
    { group: '', resource: 'pods', verb: 'watch' },
    // A WebSocket is a get, and since Kubernetes 1.35 a create as well (AuthorizePodWebsocketUpgradeCreatePermission).
    { group: '', resource: 'pods', subresource: 'portforward', verb: 'get' },
    { group: '', resource: 'pods', subresource: 'portforward', verb: 'create' },
  ];
}

function verifyNamespace(
  state: 'active' | 'terminating' | 'unknown' | undefined,
  request: PreflightRequest,
  world: World,
): boolean {
  const { namespace } = world.cluster;
  if (state === undefined && request.createNamespace) return true;
  if (state === undefined) throw namespaceMissing(request.workspace, namespace);
  if (state === 'terminating') {
    throw failure('NAMESPACE_MISSING', {
      message: `Namespace ${namespace} is being deleted`,
      suggestions: [advice('Wait until it is gone, or use another namespace')],
    });
  }
  return false;
}

function verifyPermissions(missing: Permission[], world: World): void {
  if (missing.length === 0) return;
  const words = missing.map(
    ({ verb, resource, subresource }) => `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`,
  );
  throw failure('NOT_PERMITTED', {
    message: `You may not make a workspace in namespace ${world.cluster.namespace}`,
    reason: `Missing: ${words.join(', ')}`,
    suggestions: [
      advice('Ask an administrator for the Role in docs/operators.md'),
      { ...ws`up`, place: { namespace: 'NAME' }, note: 'one that is yours' },
    ],
  });
}

/** A claim that is there needs its class no more. */
function verifyStorageClass(
  home: HomeChoice | undefined,
  found: WorkspaceSnapshot | undefined,
  classes: StorageClassSnapshot[] | undefined,
): void {
  if (home?.kind !== 'claim' || home.storageClass === undefined || classes === undefined) return;
  const wanted = home.storageClass;
  const names = classes.map(({ name }) => name);
  const isThere = found?.home.kind === 'claim' && found.home.claim.storageClass === wanted;
  if (isThere || names.includes(wanted)) return;
  throw failure('STORAGE_CLASS_UNKNOWN', {
    message: `There is no storage class ${wanted}`,
    reason: names.length === 0 ? 'The cluster has none at all' : `There is: ${names.join(', ')}`,
    suggestions: [
      ...names.slice(0, 3).map((name) => ws`up --storage-class ${name}`),
      { ...ws`up --storage-class none`, note: 'the home is lost with the pod' },
    ],
  });
}

/** The home of a running workspace is not swapped under it. */
function verifyHome(home: HomeChoice | undefined, { found, workspace }: PreflightRequest): void {
  if (home === undefined || found?.deployment === undefined) return;
  const now =
    found.home.kind === 'claim'
      ? found.home.claim.name
      : found.home.kind === 'missing-claim'
        ? found.home.name
        : undefined;
  const same = now === toClaimName(home, found);
  const isOtherClass =
    same &&
    home.kind === 'claim' &&
    found.home.kind === 'claim' &&
    home.storageClass !== undefined &&
    home.storageClass !== found.home.claim.storageClass;
  if (same && !isOtherClass) return;
  throw failure('HOME_CONFLICT', {
    message: `Workspace ${workspace} has another home already`,
    reason:
      now === undefined
        ? 'Its home is an emptyDir, which is lost when it is replaced'
        : isOtherClass
          ? `Its home is claim ${now}, and a claim never changes its storage class`
          : `Its home is claim ${now}`,
    suggestions: [
      { ...ws`down --keep-home`, workspace, note: 'then bring it up with the other home' },
      { ...ws`up`, workspace: 'OTHER-NAME' },
    ],
  });
}

/** The claim that a choice comes to: the release's own (the chart names it), or the one that is named. */
function toClaimName(home: HomeChoice, { release, name }: WorkspaceSnapshot): string | undefined {
  switch (home.kind) {
    case 'emptyDir':
      return undefined;
    case 'claim':
      return `${release || releaseName(name)}-home`;
    case 'existing-claim':
      return home.name;
  }
}

async function verifyExistingClaim(home: HomeChoice | undefined, world: World, signal: AbortSignal): Promise<void> {
  if (home?.kind !== 'existing-claim') return;
  const claim = await world.cluster.findClaim(home.name, signal);
  if (claim !== undefined) return;
  throw failure('HOME_CONFLICT', {
    message: `There is no volume claim ${home.name} in namespace ${world.cluster.namespace}`,
    suggestions: [ws`homes ls`, kubectl`get pvc`],
  });
}
