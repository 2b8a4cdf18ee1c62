import { createHash } from 'node:crypto';

/** Keys as data: what both SSH and the chart need to know of them. */

/** A server's public key. `blob` is the base64 of its wire form, as in known_hosts. */
export interface HostKey {
  type: string;
  blob: string;
}

/** One of the user's key pairs, seen from its public half. */
export interface Identity {
  source: 'agent' | 'file';
  /** Of the private key file; undefined for a key that only the agent has. */
  path: string | undefined;
  type: string;
  /** Base64 of the public key's wire form. */
  blob: string;
  comment: string;
  /** `SHA256:…`, as OpenSSH prints it. */
  fingerprint: string;
  /** True for a file that asks for a passphrase. */
  encrypted: boolean;
}

/** The line that goes into authorized_keys. A comment is cut to one line and never carries control characters. */
export function toAuthorizedKey(identity: Pick<Identity, 'type' | 'blob' | 'comment'>): string {
  const comment = identity.comment.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return comment === '' ? `${identity.type} ${identity.blob}` : `${identity.type} ${identity.blob} ${comment}`;
}

/** `SHA256:…` of a public key's wire form, as OpenSSH prints it (RFC 4648 base64 without padding). */
export function toFingerprint(blob: string): string {
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}
