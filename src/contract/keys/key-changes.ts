/**
 * What `ws keys` added and removed, in the Secret with the keys but in an entry that no manifest has: neither an
 * upgrade nor a rollback touches it. The chart lays it over the keys of its values at each rendering
 * (`chart/templates/_keys.tpl`).
 */
import { createHash } from 'node:crypto';

/** The entry of the Secret. */
export const KEY_CHANGES_ENTRY = 'ws_key_changes';

export interface KeyChanges {
  /** Lines of authorized_keys by the base64 of the key. */
  added: Map<string, string>;
  /** `toKeyHash` of the keys that no value lets in again. */
  removed: Set<string>;
}

/** The name of a removed key, made from its line. */
export function toKeyHash(blob: string): string {
  return createHash('sha256').update(blob).digest('hex');
}

/** One change a line: `+ LINE` or `- HASH`. `findBlob` reads the key of a line; lines without one are left out. */
export function parseKeyChanges(text: string, findBlob: (line: string) => string | undefined): KeyChanges {
  const changes: KeyChanges = { added: new Map(), removed: new Set() };
  for (const change of text.split('\n')) {
    const rest = change.slice(2);
    const blob = change.startsWith('+ ') ? findBlob(rest) : undefined;
    if (blob !== undefined) changes.added.set(blob, rest);
    else if (/^- [0-9a-f]{64}$/.test(change)) changes.removed.add(rest);
  }
  return changes;
}

export function formatKeyChanges({ added, removed }: KeyChanges): string {
  const lines = [...[...added.values()].map((line) => `+ ${line}`), ...[...removed].map((hash) => `- ${hash}`)];
  return lines.map((line) => `${line}\n`).join('');
}
