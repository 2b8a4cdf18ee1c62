/** Keys as data, for SSH and for the chart. */
import { createHash } from 'node:crypto';
import { findKeyWeakness } from '../../contract/keys/key-damage.ts';
import type { PublicKey } from '../../contract/keys/public-key.ts';

/** A public key with its comment and fingerprint. */
export interface NamedKey extends PublicKey {
  /** May be empty. */
  comment: string;
  /** `SHA256:…`, as OpenSSH prints it. */
  fingerprint: string;
}

/** A key that opens a workspace, and what this machine calls it, if it has it. */
export interface ListedKey extends NamedKey {
  here?: Pick<Identity, 'path' | 'comment'>;
}

/** One of the user's key pairs, seen from its public half. */
export interface Identity extends NamedKey {
  source: 'agent' | 'file';
  /** The private key file; undefined for a key that only the agent has. */
  path: string | undefined;
  /** True for a file that asks for a passphrase. */
  encrypted: boolean;
}

export function toNamedKey({ type, blob, comment }: Omit<NamedKey, 'fingerprint'>): NamedKey {
  return { type, blob, comment, fingerprint: toFingerprint(blob) };
}

/**
 * What every sentence calls a key. Its comment may be another one on each machine and in each workspace, so that the
 * fingerprint stands beside it.
 */
export function describeKey({ comment, type, fingerprint }: NamedKey): string {
  return `${comment || type} ${fingerprint}`;
}

/** A sentence about a key that the server takes and that nobody should use any more; undefined for a strong one. */
export function describeWeakness(key: NamedKey, name = key.comment || key.fingerprint): string | undefined {
  const weakness = findKeyWeakness(key);
  return weakness === undefined ? undefined : `The key ${name} is ${weakness}`;
}

/**
 * The word that names each of these keys in a command: its comment where no other key has that and no flag looks like
 * it, else its fingerprint. In their order.
 */
export function toKeyWords(keys: readonly NamedKey[]): string[] {
  const byComment = Map.groupBy(keys, ({ comment }) => comment);
  return keys.map(({ comment, fingerprint }) => {
    const same = new Set(byComment.get(comment)?.map((key) => key.fingerprint));
    return comment === '' || comment.startsWith('-') || same.size > 1 ? fingerprint : comment;
  });
}

/** `SHA256:…` of a public key's wire form, as OpenSSH prints it (RFC 4648 base64 without padding). */
export function toFingerprint(blob: string): string {
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}
