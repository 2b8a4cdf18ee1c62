/** The storage class of the home is missing, unknown, or cannot do what is asked of it. */
import { findNearest } from '../../../errors/nearest.ts';
import { kubectl, type Suggestion, ws } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';
import { findFailure, findRefusal } from '../../parts.ts';
import { listSeen, listUnseen, type Scene } from '../../scene.ts';
import { findMissingClass } from '../../words/volumes.ts';
import { findUnbound, type Unbound } from './unbound.ts';

export const CLASS_MISSING: Cause = {
  code: 'CLASS_MISSING',
  group: 'volume',
  title: 'The home has no storage class, and the cluster has no default one',
  looksLike: 'The claim stays Pending: "no persistent volumes available for this claim and no storage class is set".',
  help: '`ws up dev --storage-class NAME`, or `none`. An older workspace goes first: `ws down dev --delete-home`.',
  waiting: 'useless',
  find: (scene) => {
    const unbound = findUnbound(scene);
    const event = unbound?.events.findLast(({ message }) => /no storage class is set/.test(message ?? ''));
    if (unbound === undefined || event === undefined || unbound.claim.storageClass !== undefined) return [];
    return [
      {
        reason: event.reason ?? 'FailedBinding',
        message: `The home claim ${unbound.claim.name} names no storage class, the cluster has no default one, and no volume is free${listClasses(scene)}`,
        evidence: [`Cluster: ${event.message ?? ''}`],
        suggestions: suggestClass(unbound, scene),
        unseen: listUnseen(['the storage classes', scene.around.classes]),
      },
    ];
  },
};

export const CLASS_UNKNOWN: Cause = {
  code: 'CLASS_UNKNOWN',
  group: 'volume',
  title: "The cluster does not have the home's storage class",
  looksLike: 'The claim stays Pending: \'storageclass.storage.k8s.io "…" not found\'.',
  help: '`ws down dev --keep-home`, then `ws up dev --storage-class NAME` with one that is there.',
  waiting: 'useless',
  find: (scene) => {
    const failed = findFailure(scene, 'STORAGE_CLASS_UNKNOWN');
    if (failed.length > 0) return failed;
    const unbound = findUnbound(scene);
    const name = findMissingClass(unbound?.warning?.message ?? '');
    if (unbound === undefined || name === undefined) return [];
    return [
      {
        reason: unbound.warning?.reason ?? 'ProvisioningFailed',
        message: `The home claim ${unbound.claim.name} is of storage class ${name}, and the cluster has no such class${listClasses(scene)}`,
        evidence: [`Cluster: ${unbound.warning?.message ?? ''}`],
        suggestions: suggestClass(unbound, scene, name),
        unseen: listUnseen(['the storage classes', scene.around.classes]),
      },
    ];
  },
};

function listClasses({ around }: Scene): string {
  if (around.classes.kind !== 'seen') return '';
  const names = around.classes.items.map(({ name }) => name);
  return names.length === 0 ? '; it has none' : `; it has ${names.join(', ')}`;
}

/** A claim never changes its class: the workspace goes, then comes back with another home. */
function suggestClass({ claim }: Unbound, { around }: Scene, wrong = ''): Suggestion[] {
  const names = listSeen(around.classes).map(({ name }) => name);
  const name =
    findNearest(wrong, names) ?? listSeen(around.classes).find(({ isDefault }) => isDefault)?.name ?? names[0];
  const down = { ...ws`down --delete-home`, note: 'first: the home is empty, it never had a volume' };
  const unknown = {
    ...ws`up --storage-class NAME`,
    note: 'then, with one that the cluster has: whoever runs it knows',
  };
  const none = around.classes.kind === 'seen' ? { ...ws`up --storage-class none`, note: 'then' } : unknown;
  const up = name === undefined ? none : { ...ws`up --storage-class ${name}`, note: 'then' };
  return claim.workspace === undefined ? [kubectl`describe pvc ${claim.name}`] : [down, up];
}

/** What is known before anything is written (operations/checks/verify-home-size.ts). */
const NOT_OF_CLASS = /cannot grow from \S+ to \S+: Claim \S+ (?:is of|has no) storage class/;

/** The API server's words (plugin/pkg/admission/storage/persistentvolumeclaim/resize/admission.go). */
const NO_GROWTH =
  /only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize/;

export const CLASS_CANNOT_GROW: Cause = {
  code: 'CLASS_CANNOT_GROW',
  group: 'volume',
  title: "The home's storage class does not let volumes grow",
  looksLike: '`ws up dev --size 20Gi` says so before it changes anything, or the API server refuses the claim.',
  help: 'A new home of a class that can: `ws down dev --keep-home`, then `ws up dev --storage-class NAME --size 20Gi`.',
  waiting: 'useless',
  find: (scene) => {
    const known = findFailure(scene, 'HOME_CONFLICT').filter(({ message }) => NOT_OF_CLASS.test(message));
    if (known.length > 0) return known;
    const words = findRefusal(scene);
    if (words === undefined || !NO_GROWTH.test(words)) return [];
    const growing = listSeen(scene.around.classes).filter(({ canGrow }) => canGrow);
    return [
      {
        reason: 'Forbidden',
        message: `The storage class of the home does not let volumes grow${growing.length === 0 ? '' : `; these do: ${growing.map(({ name }) => name).join(', ')}`}`,
        evidence: [`Cluster: ${words}`],
        suggestions: [
          ...(scene.around.classes.kind === 'seen'
            ? [{ ...kubectl`get storageclass`, note: 'see ALLOWVOLUMEEXPANSION' }]
            : []),
          {
            ...ws`up --storage-class ${growing[0]?.name ?? 'NAME'}`,
            workspace: 'OTHER-NAME',
            note: 'with one that lets them grow; then copy the home there',
          },
        ],
        unseen: listUnseen(['the storage classes', scene.around.classes]),
      },
    ];
  },
};
