import type { PublicKey } from './public-key.ts';

/** The line of authorized_keys, with the single spaces that Dropbear needs. A comment keeps to one line and to ASCII. */
export function formatAuthorizedKey(key: PublicKey & { options?: string | undefined; comment: string }): string {
  const comment = key.comment.replace(/[^\x21-\x7e]+/g, ' ').trim();
  return [key.options, key.type, key.blob, comment].filter(Boolean).join(' ');
}
