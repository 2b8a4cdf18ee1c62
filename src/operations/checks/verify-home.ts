import { releaseName } from '../../contract/labels.ts';
import type { HomeChoice } from '../../workspace/choices/home-choice.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { findNearest } from '../../workspace/errors/nearest.ts';
import { kubectl, ws } from '../../workspace/errors/suggestion.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { ClaimSnapshot, StorageClassSnapshot, WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { verifyHomeSize } from './verify-home-size.ts';

interface WantedHome {
  workspace: string;
  home: HomeChoice;
  found: WorkspaceSnapshot | undefined;
  /** Undefined when they may not be listed. */
  classes: StorageClassSnapshot[] | undefined;
}

/** Throws what the cluster would say of the home when half of the release is written, and says what cannot be told. */
export async function* verifyHome(
  wanted: WantedHome,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, void, void> {
  verifyStorageClass(wanted);
  verifySame(wanted);
  verifySameClass(wanted);
  const notice = verifyHomeSize(wanted.home, wanted.found, wanted.classes);
  if (notice !== undefined) yield { type: 'noticed', level: 'warning', notice };
  await verifyExistingClaim(wanted.home, world, signal);
}

/** A claim that is there needs its class no more. */
function verifyStorageClass({ home, found, classes }: WantedHome): void {
  if (home.kind !== 'claim' || home.storageClass === undefined || classes === undefined) return;
  const wanted = home.storageClass;
  const names = classes.map(({ name }) => name);
  const isThere = found?.home.kind === 'claim' && found.home.claim.storageClass === wanted;
  if (isThere || names.includes(wanted)) return;
  const near = findNearest(wanted, names);
  const standard = classes.find(({ isDefault }) => isDefault)?.name;
  const likely = [near, standard].filter((name) => name !== undefined);
  const others = near === undefined ? [...new Set([...likely, ...names])].slice(0, 3) : [...new Set(likely)];
  throw failure('STORAGE_CLASS_UNKNOWN', {
    message: `There is no storage class ${wanted}`,
    reason: names.length === 0 ? 'The cluster has none at all' : `There is: ${names.join(', ')}`,
    suggestions: [
      ...others.map((name) => ws`up --storage-class ${name}`),
      { ...ws`up --storage-class none`, again: { without: ['size'] }, note: 'the home is lost with the pod' },
    ],
  });
}

/** The home of a running workspace is not swapped under it. */
function verifySame({ home, found, workspace }: WantedHome): void {
  if (found?.deployment === undefined) return;
  const now =
    found.home.kind === 'claim'
      ? found.home.claim.name
      : found.home.kind === 'missing-claim'
        ? found.home.name
        : undefined;
  if (now === toClaimName(home, found)) return;
  throw failure('HOME_CONFLICT', {
    message: `Workspace ${workspace} has another home already`,
    reason:
      now === undefined ? 'Its home is an emptyDir, which is lost when it is replaced' : `Its home is claim ${now}`,
    suggestions: [
      found.home.kind === 'claim' && isUnborn(found.home.claim)
        ? { ...ws`down --delete-home`, workspace, note: 'it never had a volume; then bring it up with the other home' }
        : now === undefined
          ? { ...ws`down --home lose`, workspace, note: 'its home goes: copy out first what you need' }
          : { ...ws`down --keep-home`, workspace, note: 'then bring it up with the other home' },
      { ...ws`up`, workspace: 'OTHER-NAME' },
    ],
  });
}

/** A claim never changes its class, whether the home is in use or was kept. */
function verifySameClass({ home, found, workspace }: WantedHome): void {
  if (home.kind !== 'claim' || found?.home.kind !== 'claim' || home.storageClass === undefined) return;
  const { name, storageClass: own } = found.home.claim;
  const wanted = home.storageClass;
  if (own === wanted || name !== toClaimName(home, found)) return;
  const isKept = found.deployment === undefined;
  const note = 'the home goes, with all that is in it; then bring it up with the other class';
  const remove = isKept ? ws`homes rm ${workspace}` : { ...ws`down --delete-home`, workspace };
  throw failure('HOME_CONFLICT', {
    message: `The home of workspace ${workspace} ${own === undefined ? 'has no storage class' : `is of storage class ${own}`}, not of ${wanted}`,
    reason: `${isKept ? 'It was kept as' : 'It is'} claim ${name}, and a claim never changes its storage class`,
    suggestions: [
      ...(isUnborn(found.home.claim)
        ? [{ ...remove, note: 'it never had a volume; then bring it up with the other class' }]
        : [
            {
              ...ws`up`,
              workspace,
              again: { without: ['storage-class'] },
              isNew: isKept,
              note: 'with the home as it is',
            },
            { ...remove, note },
          ]),
      { ...ws`up --storage-class ${wanted}`, workspace: 'OTHER-NAME', note: 'and copy the home there' },
    ],
  });
}

/** A claim that waits for its first volume has nothing in it. */
function isUnborn({ phase }: ClaimSnapshot): boolean {
  return phase === 'Pending';
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

async function verifyExistingClaim(home: HomeChoice, world: World, signal: AbortSignal): Promise<void> {
  if (home.kind !== 'existing-claim') return;
  const claim = await world.cluster.findClaim(home.name, signal);
  if (claim !== undefined) return;
  throw failure('HOME_CONFLICT', {
    message: `There is no volume claim ${home.name} in namespace ${world.cluster.namespace}`,
    suggestions: [ws`homes ls`, kubectl`get pvc`],
  });
}
