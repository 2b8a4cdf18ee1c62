/** The home's claim itself is wrong: gone, lost, ending, or no volume comes for it. */

import { findNearest } from '../../../errors/nearest.ts';
import { kubectl, ws } from '../../../errors/suggestion.ts';
import { type ClaimSnapshot, ENDING_CLAIM } from '../../../state/snapshot.ts';
import type { Cause, Finding } from '../../cause.ts';
import { findStarting } from '../../parts.ts';
import { listSeen, listUnseen, type Scene } from '../../scene.ts';
import { findMissingClass } from '../../words/volumes.ts';
import { findRefused, type Refused, toFinding } from '../scheduling/unschedulable.ts';
import { findUnbound } from './unbound.ts';

export const CLAIM_MISSING: Cause = {
  code: 'CLAIM_MISSING',
  group: 'volume',
  title: "The home's claim is not there",
  looksLike: 'The pod stays pending; the scheduler says \'persistentvolumeclaim "…" not found\'.',
  help: 'Bring it back, or `ws down dev --keep-home` and a new home.',
  waiting: 'useless',
  find: (scene) => {
    const { snapshot } = findStarting(scene) ?? {};
    if (snapshot?.home.kind !== 'missing-claim') return [];
    const { name } = snapshot.home;
    const near = findNearest(
      name,
      listSeen(scene.around.claims).map((claim) => claim.name),
    );
    return [
      {
        reason: 'ClaimMissing',
        message: `The home claim ${name} does not exist`,
        evidence: near === undefined ? [] : [`there is a claim ${near}`],
        suggestions: [{ ...kubectl`get pvc`, note: 'lists the claims of this namespace' }],
        unseen: [],
      },
    ];
  },
};

export const CLAIM_LOST: Cause = {
  code: 'CLAIM_LOST',
  group: 'volume',
  title: "The home's claim has lost its volume",
  looksLike: 'The claim is Lost; the scheduler says "bound to non-existent persistentvolume".',
  help: 'Bring the volume back, or `ws down dev --keep-home` and a new home: what was in it is gone with the volume.',
  waiting: 'useless',
  find: (scene) => {
    const { snapshot } = findStarting(scene) ?? {};
    if (snapshot?.home.kind !== 'claim' || snapshot.home.claim.phase !== 'Lost') return [];
    const { name, volume } = snapshot.home.claim;
    return [
      {
        reason: 'ClaimLost',
        message: `The home claim ${name} has lost its volume${volume === undefined ? '' : ` ${volume}`}: somebody deleted it, and what was in it may be gone`,
        evidence: [`claim ${name}: Lost`],
        suggestions: [
          { ...kubectl`describe pvc ${name}`, note: 'shows which volume it was' },
          { ...ws`down --keep-home`, note: 'then a new home: ws up' },
        ],
        unseen: [],
      },
    ];
  },
};

export const CLAIM_ENDING: Cause = {
  code: 'CLAIM_ENDING',
  group: 'volume',
  title: "The home's claim is being deleted",
  looksLike: 'The pod stays pending; the scheduler says \'persistentvolumeclaim "…" is being deleted\'.',
  help: 'A deletion cannot be taken back. When the claim is gone, `ws down dev --keep-home` and a new home.',
  waiting: 'useless',
  find: (scene) => {
    const { pod, snapshot } = findStarting(scene) ?? {};
    if (snapshot?.home.kind !== 'claim' || pod?.node !== undefined) return [];
    const { name, phase } = snapshot.home.claim;
    if (phase !== ENDING_CLAIM || !/is being deleted/.test(pod?.unschedulable ?? '')) return [];
    return [
      {
        reason: 'Terminating',
        message: `Somebody deleted the home claim ${name}, and no pod may use it any more`,
        evidence: [`Scheduler: ${pod?.unschedulable ?? ''}`],
        suggestions: [
          { ...kubectl`describe pvc ${name}`, note: 'see "Used By" and "Finalizers"' },
          { ...ws`down --keep-home`, note: 'then a new home: ws up' },
        ],
        unseen: [],
      },
    ];
  },
};

export const PROVISIONING: Cause = {
  code: 'VOLUME_UNMADE',
  group: 'volume',
  title: "The cluster cannot make the home's volume",
  looksLike: 'The claim stays Pending with a warning such as ProvisioningFailed.',
  help: 'The provisioner says why. Another class (`--storage-class`) or a smaller home (`--size`) may help.',
  waiting: 'helps',
  find: (scene) => {
    const { claim, warning } = findUnbound(scene) ?? {};
    const unplaced = findRefused(scene, /didn't find available persistent volumes to bind/);
    if (claim !== undefined && unplaced !== undefined) return [toUnplaced(claim, unplaced, scene)];
    if (claim === undefined || warning === undefined || findMissingClass(warning.message ?? '') !== undefined)
      return [];
    return [
      {
        reason: warning.reason ?? 'ProvisioningFailed',
        message: `The home volume is not made: ${warning.message ?? 'the cluster does not say why'}`,
        evidence: [`claim ${claim.name}: ${claim.requested ?? '?'} of class ${claim.storageClass ?? 'none'}`],
        suggestions: [kubectl`describe pvc ${claim.name}`],
        unseen: [],
      },
    ];
  },
};

/** No volume that somebody made by hand fits, and the class makes none. */
function toUnplaced(claim: ClaimSnapshot, refused: Refused, { around }: Scene): Finding {
  const { name, requested = '?', storageClass = 'none' } = claim;
  const makers = listSeen(around.classes).filter((one) => !/no-provisioner$/.test(one.provisioner));
  return toFinding(refused, {
    message: `The home volume is not made: no free volume of class ${storageClass} fits claim ${name}, which asks for ${requested}`,
    evidence: makers.length === 0 ? [] : [`classes that make volumes: ${makers.map((one) => one.name).join(', ')}`],
    suggestions: [kubectl`describe pvc ${name}`, { ...kubectl`get pv`, note: 'shows which volumes are free' }],
    unseen: listUnseen(['the storage classes', around.classes]),
  });
}

/** A volume takes seconds; some providers take a minute. */
const PENDING_MS = 60_000;

/**
 * A provisioner that runs says so on the claim as soon as it begins ("Provisioning", in the library that all of them
 * are built on); it may first have to be chosen among its replicas.
 */
const UNTAKEN_MS = 10_000;

export const CLAIM_PENDING: Cause = {
  code: 'CLAIM_PENDING',
  group: 'volume',
  title: 'Nobody makes the volume of the home',
  looksLike: 'The claim stays Pending without a complaint; the event ExternalProvisioning names the provisioner.',
  help: 'See whether the pods of the provisioner run. Or make the workspace with another `--storage-class`.',
  waiting: 'helps',
  find: (scene) => {
    const unbound = findUnbound(scene);
    if (unbound === undefined || unbound.warning !== undefined) return [];
    const event = unbound.events.findLast(({ reason }) => reason === 'ExternalProvisioning');
    const { claim } = unbound;
    // Both by the clock of the API server.
    const waitedMs = Date.parse(event?.at ?? '') - Date.parse(claim.createdAt ?? '');
    const isTaken = event === undefined || unbound.events.some(({ reason }) => reason === 'Provisioning');
    const limitMs = isTaken ? PENDING_MS : UNTAKEN_MS;
    if ((scene.watched?.sameForMs ?? 0) < limitMs && !(waitedMs >= limitMs)) return [];
    const provisioner = /external provisioner '(?<name>[\w./-]{1,253})'/.exec(event?.message ?? '')?.groups?.['name'];
    return [
      {
        reason: event?.reason ?? 'Pending',
        message: `No volume comes for the home claim ${claim.name}${provisioner === undefined ? '' : `: provisioner ${provisioner} ${isTaken ? 'has begun, and is not done' : 'does not say a word'}`}`,
        evidence: [
          `claim ${claim.name}: ${claim.requested ?? '?'} of class ${claim.storageClass ?? 'none'}, Pending since ${claim.createdAt ?? '?'}`,
          ...(event?.message === undefined ? [] : [`Cluster: ${event.message}`]),
        ],
        suggestions: [
          { ...kubectl`describe pvc ${claim.name}`, note: 'shows what it waits for' },
          { ...kubectl`get pods --all-namespaces`, note: 'shows whether the pods of the provisioner run' },
        ],
        unseen: [],
      },
    ];
  },
};
