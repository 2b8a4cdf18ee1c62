import type { Choices } from '../../workspace/choices/chosen.ts';
import { type HomeChoice, toHomeChoice } from '../../workspace/choices/home-choice.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { advice, type Command, ws } from '../../workspace/errors/suggestion.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { SecondPodUse } from '../../workspace/state/releases.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { Permission, World } from '../../workspace/world.ts';
import { findChosenAmounts, lookForAmounts, tellBeyondNodes } from './beyond-nodes.ts';
import { FORWARD, findMissing } from './find-missing.ts';
import { getNamespaceMissing } from './find-namespace-fault.ts';
import { findSharingFault } from './find-sharing-fault.ts';
import { verifyHome } from './verify-home.ts';

export interface PreflightRequest {
  workspace: string;
  choices: Choices;
  createNamespace: boolean;
  /** Users' own values files, lowest precedence first. */
  valuesFiles: string[];
  found: WorkspaceSnapshot | undefined;
}

/**
 * Everything that the cluster can be known to refuse is found out before anything is changed: the namespace, the
 * permissions, the storage class, the home. All questions are asked at once. Returns whether the namespace must be
 * made.
 */
export async function* preflight(
  request: PreflightRequest,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, { createNamespace: boolean }, void> {
  yield { type: 'started', step: 'preflight' };
  const { cluster } = world;
  const home = toHomeChoice(request.choices);
  const [amounts, use] = await Promise.all([findChosenAmounts(request, world), findSecondPodUse(request, world)]);
  const [version, namespace, missing, missingForUse, classes, nodes, sharing] = await Promise.all([
    cluster.getVersion(signal),
    cluster.findNamespace(signal),
    findMissing(listPermissions(home), cluster, signal),
    use.ends || use.sleeps ? cluster.findMissingPermissions(FOR_SECOND_POD, signal) : [],
    home?.kind === 'claim' ? cluster.findStorageClasses(signal) : undefined,
    lookForAmounts(amounts, world, signal),
    findSharingFault(request, world, signal),
  ]);
  const mustCreate = await verifyNamespace(namespace, request, world, signal);
  verifyPermissions(missing, world);
  verifySecondPod(missingForUse, use, request.workspace, world);
  if (use.ends) verifyEnd(request, home);
  yield* tellBeyondNodes(amounts, nodes);
  if (home !== undefined)
    yield* verifyHome({ workspace: request.workspace, home, found: request.found, classes }, world, signal);
  if (sharing !== undefined) throw sharing;
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
    ...toWriting(kinds),
    { group: '', resource: 'pods', verb: 'list' },
    { group: '', resource: 'pods', verb: 'watch' },
    ...FORWARD,
  ];
}

/** The second pod's account has one right: nobody may lend a right that they lack. */
const FOR_SECOND_POD: Permission[] = [
  ...toWriting([
    ['', 'serviceaccounts'],
    ['rbac.authorization.k8s.io', 'roles'],
    ['rbac.authorization.k8s.io', 'rolebindings'],
  ]),
  { group: 'apps', resource: 'deployments', subresource: 'scale', verb: 'patch' },
];

/** What Helm does with objects of these kinds, each with its group. */
function toWriting(kinds: [group: string, resource: string][]): Permission[] {
  return kinds.flatMap(([group, resource]) =>
    ['get', 'create', 'patch', 'delete'].map((verb) => ({ group, resource, verb })),
  );
}

/** A flag says more than a file. */
async function findSecondPodUse(
  { choices: { ttl }, valuesFiles }: PreflightRequest,
  { releases }: World,
): Promise<SecondPodUse> {
  const { sleeps, ends } = valuesFiles.length === 0 ? NO_SECOND_POD : await releases.readIdle(valuesFiles);
  return { sleeps, ends: ttl === undefined ? ends : ttl !== 'none' };
}

const NO_SECOND_POD: SecondPodUse = { sleeps: false, ends: false };

async function verifyNamespace(
  state: 'active' | 'terminating' | 'unknown' | undefined,
  request: PreflightRequest,
  world: World,
  signal: AbortSignal,
): Promise<boolean> {
  const { namespace } = world.cluster;
  if (state === undefined && request.createNamespace) return true;
  if (state === undefined) throw await getNamespaceMissing(request.workspace, world, signal);
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
  throw failure('NOT_PERMITTED', {
    message: `You may not make a workspace in namespace ${world.cluster.namespace}`,
    reason: tellMissing(missing),
    suggestions: [
      advice('Ask an administrator for the Role in docs/operators.md'),
      { ...ws`up`, place: { namespace: 'NAME' }, note: 'one that is yours' },
    ],
  });
}

function verifySecondPod(missing: Permission[], { sleeps, ends }: SecondPodUse, workspace: string, world: World): void {
  if (missing.length === 0) return;
  const what = ends ? 'give a workspace an end' : 'let a workspace sleep';
  throw failure('NOT_PERMITTED', {
    message: `You may not ${what} in namespace ${world.cluster.namespace}`,
    reason: tellMissing(missing),
    suggestions: [
      advice('Ask an administrator for the rights that docs/role.yaml has as comments'),
      sleeps ? advice('Take idle out of the values file') : withoutEnd(workspace),
    ],
  });
}

function withoutEnd(workspace: string): Command {
  return { ...ws`up --ttl none`, workspace, note: 'brings it up without an end' };
}

/** A home that each stop would lose stands against an end. */
function verifyEnd({ workspace, found }: PreflightRequest, home: HomeChoice | undefined): void {
  const isThere = found?.deployment !== undefined;
  if ((isThere ? found.home.kind : home?.kind) !== 'emptyDir') return;
  throw failure('HOME_CONFLICT', {
    message: `The home of workspace ${workspace} has no volume, so it would be lost with its end`,
    reason: isThere
      ? 'A workspace that is there gets no volume any more'
      : 'A stop deletes the pod, and such a home with it',
    suggestions: isThere
      ? [
          {
            ...ws`down --home lose`,
            workspace,
            note: 'its home goes: copy out first what you need; then bring it up again',
          },
          { ...ws`up`, workspace: 'OTHER-NAME', again: { without: ['storage-class'] } },
          withoutEnd(workspace),
        ]
      : [{ ...ws`up --storage-class NAME`, workspace, note: 'has a home on a volume' }, withoutEnd(workspace)],
  });
}

function tellMissing(missing: Permission[]): string {
  const words = missing.map(
    ({ verb, resource, subresource }) => `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`,
  );
  return `Missing: ${words.join(', ')}`;
}
