/** The lists of the form, and what `--yes` takes of them. */
import { failure } from '../errors/errors.ts';
import { advice, type Command, ws } from '../errors/suggestion.ts';
import { findReasonForNoNewKey } from '../keys/agents.ts';
import type { Identity } from '../keys/keys.ts';
import { makingKey, suggestNewKey, takingNewKey } from '../keys/new-key.ts';
import type { StorageClassSnapshot } from '../state/snapshot.ts';
import type { Offer } from './choice.ts';
import type { ListOption } from './form.ts';

/** Storage classes that no cluster has: a home without a volume, and whatever the cluster gives without being told. */
export const NO_CLASS = 'none';
export const ITS_OWN_CLASS = 'default';

/** The default class first, then the others, then none at all. */
export function listStorageOptions({ storageClasses }: Offer): ListOption[] {
  const none = { value: NO_CLASS, label: NO_CLASS, detail: 'lost when the pod goes' };
  if (storageClasses === undefined)
    return [
      { value: ITS_OWN_CLASS, label: ITS_OWN_CLASS, detail: "the cluster's; its classes may not be listed" },
      none,
    ];
  const sorted = storageClasses.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
  return [...sorted.map(toStorageOption), none];
}

function toStorageOption({ name, provisioner, isDefault, bindingMode, canGrow }: StorageClassSnapshot): ListOption {
  const details = [
    isDefault ? 'default' : '',
    bindingMode === 'Immediate' ? 'made at once' : 'made when first used',
    canGrow ? 'can grow' : '',
    // Put it last, because a narrow terminal cuts the end of the line.
    provisioner,
  ];
  return { value: name, label: name, detail: details.filter(Boolean).join(' · ') };
}

/**
 * A volume where the cluster makes them by default, or may; where it is known that it does not, the home goes with the
 * pod, and `up` says so.
 */
export function findDefaultClass({ storageClasses }: Offer): string {
  if (storageClasses === undefined) return ITS_OWN_CLASS;
  return storageClasses.find(({ isDefault }) => isDefault)?.name ?? NO_CLASS;
}

/** What `--identity` takes for a key: of one that only an agent holds there is no file. */
export function nameKey({ path, fingerprint }: Identity): string {
  return path ?? fingerprint;
}

export function listKeyOptions({ identities, agent, newKeyPath }: Offer): ListOption[] {
  const own = identities.map((key) => ({
    value: nameKey(key),
    label: key.path ?? (key.comment || key.type),
    detail: [
      key.type,
      key.path === undefined ? '' : key.comment,
      key.source === 'agent' ? 'in the agent' : '',
      key.encrypted ? 'has a passphrase' : '',
      key.fingerprint.slice(0, 19),
    ]
      .filter(Boolean)
      .join(' · '),
  }));
  // We cannot offer keys that we could not see, and the user would take a new one for want of them.
  if (agent.kind === 'silent' || newKeyPath === undefined) return own;
  return [...own, { value: newKeyPath, label: 'Make a new ed25519 key', detail: newKeyPath }];
}

/**
 * The first key there is, else a new one. Throws `AGENT_SILENT` rather than make one while the user's own is a moment
 * away: it would be offered to every server from then on.
 */
export function getDefaultKey(offer: Offer): string {
  const [first] = offer.identities;
  if (first !== undefined) return nameKey(first);
  verifyNewKey(offer);
  if (offer.newKeyPath !== undefined) return offer.newKeyPath;
  throw failure('KEY_NOT_FOUND', { message: 'No key was chosen', suggestions: [ws`up --identity FILE`] });
}

/** What names a key of this machine: one that is there, else one that the line before it makes. */
export function suggestKey({ identities, newKeyPath }: Pick<Offer, 'identities' | 'newKeyPath'>): {
  name: string;
  making: Command[];
} {
  const [first] = identities;
  if (first !== undefined) return { name: nameKey(first), making: [] };
  if (newKeyPath === undefined) return { name: 'FILE', making: [] };
  return { name: newKeyPath, making: [{ ...makingKey(newKeyPath), note: 'makes a key: none was found here' }] };
}

/** Throws `AGENT_SILENT` where an agent may hold a key that nobody could see. */
export function verifyNewKey({ agent, keyFolder }: Offer): void {
  const reason = findReasonForNoNewKey(agent);
  if (reason === undefined) return;
  throw failure('AGENT_SILENT', {
    message: 'Which key opens the workspace cannot be chosen, and none is made',
    reason: `No key was found in ${keyFolder}; ${reason}`,
    suggestions: [
      ...(agent.kind === 'silent' ? agent.remedy : [advice('Unlock the agent, or ssh-add a key')]),
      ws`up --identity FILE`,
      { ...suggestNewKey(), note: "makes one by ssh's own program" },
      takingNewKey(),
    ],
  });
}
