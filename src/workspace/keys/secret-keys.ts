/** The authorized keys in their Secret, and what `ws keys` changed of them. Pure. */
import {
  isOpening,
  type PlacedLine,
  readAuthorizedKeys,
  readAuthorizedLine,
} from '../../contract/keys/authorized-keys.ts';
import { formatKeyChanges, KEY_CHANGES_ENTRY, parseKeyChanges, toKeyHash } from '../../contract/keys/key-changes.ts';
import { AUTHORIZED_KEYS_FILE } from '../../contract/paths.ts';
import { type NamedKey, toNamedKey } from './keys.ts';

export type SecretData = ReadonlyMap<string, Buffer>;

/** All keys in their order, even those that open nothing any more. */
export function listSecretKeys(data: SecretData | undefined): NamedKey[] {
  return readLines(data).flatMap(({ key }) => (key === undefined ? [] : toNamedKey(key)));
}

/** How many keys would open the workspace without those of `blobs`. */
export function countOpening(data: SecretData, without: ReadonlySet<string>): number {
  return readLines(data).filter((line) => isOpening(line) && !without.has(line.key?.blob ?? '')).length;
}

/** So many entries are named. */
const MOST_ENTRIES = 5;

/** What is wrong with a Secret of authorized keys as a whole; undefined where it is as it should be, or empty. */
export function describeKeysFault(name: string, data: SecretData): string | undefined {
  const text = data.get(AUTHORIZED_KEYS_FILE)?.toString('utf8');
  if (text === undefined) {
    const entries = [...data.keys()].toSorted().slice(0, MOST_ENTRIES);
    return `Secret ${name} has no entry ${AUTHORIZED_KEYS_FILE}; it has ${entries.join(', ') || 'none at all'}`;
  }
  if (text.trim() === '' || readLines(data).some(isOpening)) return undefined;
  return `Secret ${name}: no line of ${AUTHORIZED_KEYS_FILE} is a public key`;
}

/** Why nobody can log in with what the Secret has; undefined where a key of it opens the workspace. */
export function describeNoKey(name: string, data: SecretData): string | undefined {
  if (readLines(data).some(isOpening)) return undefined;
  return describeKeysFault(name, data) ?? `Secret ${name}: ${AUTHORIZED_KEYS_FILE} is empty`;
}

/** The entries with these lines added. The caller passes new keys only. */
export function withKeys(data: SecretData, lines: string[]): Record<string, Buffer> {
  const changes = readChanges(data);
  for (const line of lines) {
    const blob = findBlob(line);
    if (blob === undefined) continue;
    changes.added.set(blob, line);
    changes.removed.delete(toKeyHash(blob));
  }
  return toEntries([...listTexts(data), ...lines], changes);
}

/** The entries without the keys of `blobs`; other lines stay as they are. */
export function withoutKeys(data: SecretData, blobs: ReadonlySet<string>): Record<string, Buffer> {
  const changes = readChanges(data);
  for (const blob of blobs) {
    changes.added.delete(blob);
    changes.removed.add(toKeyHash(blob));
  }
  const left = listTexts(data).filter((line) => !blobs.has(findBlob(line) ?? ''));
  return toEntries(left, changes);
}

/**
 * The entries that let in what `ws keys` said last, where a rollback, or a write of the release at the same moment, has
 * put an older text back. Undefined when nothing is to be mended.
 */
export function mendKeys(data: SecretData): Record<string, Buffer> | undefined {
  const changes = readChanges(data);
  const lines = listTexts(data);
  const left = lines.filter((line) => {
    const blob = findBlob(line);
    if (blob === undefined) return true;
    const added = changes.added.get(blob);
    return !changes.removed.has(toKeyHash(blob)) && (added === undefined || added === line);
  });
  const missing = [...changes.added.values()].filter((line) => !left.includes(line));
  if (left.length === lines.length && missing.length === 0) return undefined;
  const { [AUTHORIZED_KEYS_FILE]: text } = toEntries([...left, ...missing], changes);
  return text === undefined ? undefined : { [AUTHORIZED_KEYS_FILE]: text };
}

function toEntries(lines: string[], changes: ReturnType<typeof readChanges>): Record<string, Buffer> {
  return {
    // A line of nothing but blanks would end Dropbear, and with it the keys below.
    [AUTHORIZED_KEYS_FILE]: Buffer.from(lines.map((line) => `${line.trim() === '' ? '' : line}\n`).join('')),
    [KEY_CHANGES_ENTRY]: Buffer.from(formatKeyChanges(changes)),
  };
}

function readLines(data: SecretData | undefined): PlacedLine[] {
  return readAuthorizedKeys(data?.get(AUTHORIZED_KEYS_FILE)?.toString('utf8') ?? '');
}

function listTexts(data: SecretData): string[] {
  return readLines(data).map(({ text }) => text);
}

function readChanges(data: SecretData) {
  return parseKeyChanges(data.get(KEY_CHANGES_ENTRY)?.toString('utf8') ?? '', findBlob);
}

function findBlob(line: string): string | undefined {
  return readAuthorizedLine(line).key?.blob;
}
