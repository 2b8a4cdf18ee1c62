/** What a workspace can have beside itself: each needs rights that the plain one does without. */
import { toHomeChoice } from '../../../workspace/choices/home-choice.ts';
import { failure, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { advice, type Command, type Suggestion, ws } from '../../../workspace/errors/suggestion.ts';
import type { Extras } from '../../../workspace/release/releases.ts';
import type { Permission, World } from '../../../workspace/world.ts';
import type { Asked } from '../asked.ts';
import { tellMissing, toWriting } from './permissions.ts';

/** The second pod's account has one right: nobody may lend a right that they lack. */
const FOR_SECOND_POD: Permission[] = [
  ...toWriting([
    ['', 'serviceaccounts'],
    ['rbac.authorization.k8s.io', 'roles'],
    ['rbac.authorization.k8s.io', 'rolebindings'],
  ]),
  { group: 'apps', resource: 'deployments', subresource: 'scale', verb: 'patch' },
];

const FOR_MONITOR: Permission[] = toWriting([['monitoring.coreos.com', 'podmonitors']]);

const NONE: Extras = { sleeps: false, ends: false, isMonitored: false };

/** Why what the flags and the values files add is refused, in rights or in sense; undefined where nothing is. */
export async function findExtrasFault(
  request: Asked,
  world: World,
  signal: AbortSignal,
): Promise<WorkspaceError | undefined> {
  const extras = await readExtras(request, world);
  const { sleeps, ends, isMonitored } = extras;
  const wanted = [...(sleeps || ends ? FOR_SECOND_POD : []), ...(isMonitored ? FOR_MONITOR : [])];
  if (wanted.length === 0) return undefined;
  const missing = await world.cluster.findMissingPermissions(wanted, signal);
  if (missing.length > 0) return notPermitted(missing, extras, request.workspace, world);
  return ends ? findEndFault(request) : undefined;
}

/** A flag says more than a file. */
async function readExtras({ choices: { ttl }, valuesFiles }: Asked, { releases }: World): Promise<Extras> {
  const read = valuesFiles.length === 0 ? NONE : await releases.readExtras(valuesFiles);
  return { ...read, ends: ttl === undefined ? read.ends : ttl !== 'none' };
}

function notPermitted(missing: Permission[], extras: Extras, workspace: string, { cluster }: World): WorkspaceError {
  const isForMonitor = ({ group }: Permission) => FOR_MONITOR.some((one) => one.group === group);
  const isSecondPod = missing.some((one) => !isForMonitor(one));
  const isMonitor = missing.some(isForMonitor);
  const what = extras.ends ? 'give a workspace an end' : 'let a workspace sleep';
  const mayNot =
    isSecondPod && isMonitor
      ? `neither ${what} nor have it monitored`
      : isMonitor
        ? 'not have a workspace monitored'
        : `not ${what}`;
  const without: Suggestion[] = [
    ...(isSecondPod ? [extras.sleeps ? advice('Take idle out of the values file') : withoutEnd(workspace)] : []),
    ...(isMonitor ? [advice('Take podMonitor out of the values file')] : []),
  ];
  return failure('NOT_PERMITTED', {
    message: `You may ${mayNot} in namespace ${cluster.namespace}`,
    reason: tellMissing(missing),
    suggestions: [advice('Ask an administrator for the rights that docs/role.yaml has as comments'), ...without],
  });
}

/** A home that each stop would lose stands against an end. */
function findEndFault({ workspace, choices, found }: Asked): WorkspaceError | undefined {
  const isThere = found?.deployment !== undefined;
  if ((isThere ? found.home.kind : toHomeChoice(choices)?.kind) !== 'emptyDir') return undefined;
  return failure('HOME_CONFLICT', {
    message: `The home of workspace ${workspace} has no volume, so it would be lost with its end`,
    reason: isThere
      ? 'A workspace that is there gets no volume any more'
      : 'A stop deletes the pod, and such a home with it',
    suggestions: isThere
      ? [
          withoutEnd(workspace),
          { ...ws`up`, workspace: 'OTHER-NAME', again: { without: ['storage-class'] } },
          {
            ...ws`down --home lose`,
            workspace,
            note: 'its home goes: copy out first what you need; then bring it up again',
          },
        ]
      : [{ ...ws`up --storage-class NAME`, workspace, note: 'has a home on a volume' }, withoutEnd(workspace)],
  });
}

function withoutEnd(workspace: string): Command {
  return { ...ws`up --ttl none`, workspace, note: 'brings it up without an end' };
}
