import { readAuthorizedLine } from '../contract/keys/authorized-keys.ts';
import { LIMITS } from '../contract/keys/dropbear-rules.ts';
import { failure, hasCode } from '../workspace/errors/errors.ts';
import { findNearest } from '../workspace/errors/nearest.ts';
import { toQuoted } from '../workspace/errors/printable.ts';
import { ws } from '../workspace/errors/suggestion.ts';
import { tellIfInterrupted } from '../workspace/errors/tell-if-interrupted.ts';
import { type NamedKey, toKeyWords } from '../workspace/keys/keys.ts';
import { verifyKeysAreOwn } from '../workspace/keys/keys-owner.ts';
import { countOpening, listSecretKeys, type SecretData, withKeys, withoutKeys } from '../workspace/keys/secret-keys.ts';
import type { WorkspaceSnapshot } from '../workspace/state/snapshot.ts';
import type { World } from '../workspace/world.ts';
import { selectWorkspace } from './checks/select-workspace.ts';

/**
 * Adds lines that are not there yet; they hold through later writes of the release. Returns what was added, and where:
 * `awaitKeys` waits until it counts. Throws `RELEASE_FOREIGN` where values are the truth.
 */
export async function addKeys(
  name: string | undefined,
  lines: string[],
  world: World,
  signal: AbortSignal,
): Promise<{ workspace: string; keys: NamedKey[] }> {
  const snapshot = await tellIfInterrupted(UNTOUCHED, () => selectWorkspace(name, world, signal));
  const keys = await changeKeys(snapshot, world, signal, (data) => {
    const present = new Set(listSecretKeys(data).map(({ blob }) => blob));
    const added = new Map<string, string>();
    for (const line of lines) {
      const { key } = readAuthorizedLine(line);
      if (key !== undefined && !present.has(key.blob) && !added.has(key.blob)) added.set(key.blob, line);
    }
    if (added.size === 0) return undefined;
    const entries = withKeys(data, [...added.values()]);
    const all = listSecretKeys(toData(entries));
    if (all.length > LIMITS.lines) {
      throw failure('BAD_VALUE', {
        message: `A workspace has at most ${LIMITS.lines} keys`,
        reason: `With these it would have ${all.length}; the server reads no more lines`,
        suggestions: [
          { ...ws`keys ls`, workspace: snapshot.name },
          { ...ws`keys rm FINGERPRINT`, workspace: snapshot.name },
        ],
      });
    }
    return { entries, changed: all.filter(({ blob }) => added.has(blob)) };
  });
  return { workspace: snapshot.name, keys };
}

const UNTOUCHED = 'The keys are as they were';

/** A key as somebody names it. */
export interface WantedKey {
  word: string;
  /** The keys in a file of this name, or in the word itself; undefined where it names neither. */
  findBlobs?(word: string): string[] | undefined;
}

export interface DoomedKey {
  workspace: string;
  key: NamedKey;
  /** Whether it is a key of this machine: `last` where no other one of its keys opens the workspace. */
  own: 'no' | 'one' | 'last';
  /** What this machine calls it, if it has it by another name. */
  nameHere?: string | undefined;
}

/**
 * The one key with this fingerprint or comment, else the one that is named as for `addKeys`. Throws `KEY_NOT_FOUND`,
 * `BAD_VALUE` for what several keys have and for the last key, `RELEASE_FOREIGN` where values are the truth.
 */
export async function getDoomedKey(
  name: string | undefined,
  wanted: WantedKey,
  world: World,
  signal: AbortSignal,
): Promise<DoomedKey> {
  const { snapshot, data, identities } = await tellIfInterrupted(UNTOUCHED, async () => {
    // Nobody makes a workspace to remove a key from it.
    const found = await selectWorkspace(name, world, signal, { isToStop: true });
    const [own, list] = await Promise.all([
      readOwn(found, world, signal),
      // Without its own keys a machine can still look after others'.
      world.identities.list(signal).catch(() => []),
    ]);
    return { snapshot: found, data: own.data, identities: list };
  });
  const keys = listSecretKeys(data);
  const key = getOne(keys, { ...wanted, identities }, snapshot.name, name);
  verifyNotLast(data, key, snapshot.name);
  const own = new Set(identities.map(({ blob }) => blob));
  const isLast = !keys.some(({ blob }) => blob !== key.blob && own.has(blob));
  const comment = identities.find(({ blob }) => blob === key.blob)?.comment;
  const nameHere = comment === '' || comment === key.comment ? undefined : comment;
  return { workspace: snapshot.name, key, own: own.has(key.blob) ? (isLast ? 'last' : 'one') : 'no', nameHere };
}

/**
 * Removes a key, once more looking whether it is the last one. Returns what was removed: nothing when somebody else was
 * faster.
 */
export async function removeKey({ workspace, key }: DoomedKey, world: World, signal: AbortSignal): Promise<NamedKey[]> {
  const snapshot = await tellIfInterrupted(UNTOUCHED, () => selectWorkspace(workspace, world, signal));
  return changeKeys(snapshot, world, signal, (data) => {
    const changed = listSecretKeys(data).filter(({ blob }) => blob === key.blob);
    if (changed.length === 0) return undefined;
    verifyNotLast(data, key, workspace);
    return { entries: withoutKeys(data, new Set([key.blob])), changed: changed.slice(0, 1) };
  });
}

/**
 * A key may stand in several lines; several keys may have one comment. `typed` is the name of the workspace, if there
 * was one: without quotes it may be a comment's first word.
 */
function getOne(
  keys: NamedKey[],
  { word: wanted, findBlobs, identities }: WantedKey & { identities: readonly NamedKey[] },
  workspace: string,
  typed: string | undefined,
): NamedKey {
  const there = keys.filter((key) => key.fingerprint === wanted || (wanted !== '' && key.comment === wanted));
  // `ws up` keeps the comment of a key file to itself: here a key may be called otherwise than there.
  const own = identities.filter(({ comment }) => comment === wanted && wanted !== '');
  const named = there.length > 0 ? there : keys.filter(({ blob }) => opens(own, blob));
  const blobs = named.length > 0 ? undefined : findBlobs?.(wanted);
  const matching = blobs === undefined ? named : keys.filter(({ blob }) => blobs.includes(blob));
  const fingerprints = [...new Set(matching.map(({ fingerprint }) => fingerprint))];
  const [key] = matching;
  if (key === undefined && blobs !== undefined) {
    throw failure('KEY_NOT_FOUND', {
      message: `No key in ${toQuoted(wanted)} opens workspace ${workspace}`,
      suggestions: [{ ...ws`keys ls`, workspace }],
    });
  }
  if (key === undefined) {
    const whole = keys.find(({ comment }) => comment === `${typed} ${wanted}`)?.comment;
    const near = whole ?? findNearest(wanted, [...toKeyWords(keys), ...keys.map(({ fingerprint }) => fingerprint)]);
    throw failure('KEY_NOT_FOUND', {
      message: `No authorized key has the fingerprint or comment ${toQuoted(wanted)}`,
      ...(findBlobs === undefined ? {} : { reason: 'No file here has that name either' }),
      suggestions: [
        ...(near === undefined ? [] : [{ ...ws`keys rm ${near}`, workspace }]),
        { ...ws`keys ls`, workspace },
      ],
    });
  }
  if (fingerprints.length === 1) return key;
  throw failure('BAD_VALUE', {
    message: `${fingerprints.length} keys ${blobs === undefined ? 'have the comment' : 'are in'} ${toQuoted(wanted)}`,
    reason: `Their fingerprints are ${fingerprints.join(', ')}`,
    suggestions: fingerprints.slice(0, 5).map((fingerprint) => ({ ...ws`keys rm ${fingerprint}`, workspace })),
  });
}

function opens(keys: readonly NamedKey[], blob: string): boolean {
  return keys.some((key) => key.blob === blob);
}

function verifyNotLast(data: SecretData, { blob }: NamedKey, workspace: string): void {
  if (countOpening(data, new Set([blob])) > 0) return;
  throw failure('BAD_VALUE', {
    message: 'That is the last key; nobody could log in without it',
    suggestions: [{ ...ws`keys add FILE.pub`, workspace, note: 'first another one' }],
  });
}

async function readOwn(
  { name, deployment }: WorkspaceSnapshot,
  world: World,
  signal: AbortSignal,
): Promise<{ secretName: string; data: SecretData }> {
  const secretName = deployment?.authorizedKeysSecret;
  const secret = secretName === undefined ? undefined : await world.cluster.findMarkedSecret(secretName, signal);
  if (secretName === undefined || secret === undefined) {
    throw failure('WORKSPACE_FAILED', {
      message: `Workspace ${name} has no authorized keys`,
      reason: secretName === undefined ? 'Its pod mounts no Secret with any' : `There is no Secret ${secretName}`,
      suggestions: [{ ...ws`up --repair`, workspace: name }],
    });
  }
  verifyKeysAreOwn(name, secretName, secret);
  return { secretName, data: secret.data };
}

function toData(entries: Record<string, Buffer>): SecretData {
  return new Map(Object.entries(entries));
}

const mayBeChanged = (workspace: string) => () => ({
  outcome: 'Whether the keys are changed is not known',
  suggestions: [{ ...ws`keys ls`, workspace }],
});

/** Two people may change keys at once: the one who comes second reads again. */
async function changeKeys(
  snapshot: WorkspaceSnapshot,
  world: World,
  signal: AbortSignal,
  change: (data: SecretData) => { entries: Record<string, Buffer>; changed: NamedKey[] } | undefined,
): Promise<NamedKey[]> {
  for (let attempt = 1; ; attempt += 1) {
    const { secretName, data } = await tellIfInterrupted(UNTOUCHED, () => readOwn(snapshot, world, signal));
    const wanted = change(data);
    if (wanted === undefined) return [];
    try {
      await tellIfInterrupted(mayBeChanged(snapshot.name), () =>
        world.cluster.updateSecret(secretName, data, wanted.entries, signal),
      );
      return wanted.changed;
    } catch (error) {
      if (!hasCode(error, 'WORKSPACE_BUSY') || attempt >= 5) throw error;
    }
  }
}
