/**
 * Public keys as people paste them. What Dropbear would silently ignore is refused here, with the line and the reason.
 */
import {
  type AuthorizedKey,
  type AuthorizedLine,
  formatAuthorizedKey,
  readAuthorizedLine,
} from '../../contract/keys/authorized-keys.ts';
import { LIMITS } from '../../contract/keys/dropbear-rules.ts';
import { toWire } from '../../contract/keys/wire.ts';
import { failure } from '../errors/errors.ts';
import { type Suggestion, ws } from '../errors/suggestion.ts';
import { suggestNewKey } from './new-key.ts';

export { type AuthorizedKey, formatAuthorizedKey };

/** The keys of an authorized_keys text; blank lines and comments are left out. Throws `BAD_PUBLIC_KEY`. */
export function parseAuthorizedKeys(text: string, origin: string): AuthorizedKey[] {
  if (isPrivateKey(text)) throw privateKeyGiven(origin, [ws`keys add FILE.pub`]);
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.length > LIMITS.lines) throw badKey(origin, `it has ${lines.length} lines; ${LIMITS.lines} are read`);
  const keys: AuthorizedKey[] = [];
  for (const [index, line] of lines.entries()) {
    const { key, fault } = readTidily(line);
    if (fault !== undefined) throw badKey(lines.length > 1 ? `${origin}, line ${index + 1}` : origin, fault);
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

/** Exactly one public key. Throws `BAD_PUBLIC_KEY`. */
export function parsePublicKey(text: string, origin: string): AuthorizedKey {
  const [key, another] = parseAuthorizedKeys(text, origin);
  if (key === undefined) throw badKey(origin, 'it is empty');
  if (another !== undefined) throw badKey(origin, 'it holds more than one key');
  return key;
}

/** The line is rewritten with the blanks that Dropbear wants: it counts what stands in it. */
function readTidily(line: string): AuthorizedLine {
  const { key, fault } = readAuthorizedLine(line);
  if (key === undefined) return { key, fault };
  // The server passes over it. Whoever wrote it meant another option, and OpenSSH refuses the line.
  const names = key.options?.replaceAll(/"(?:\\.|[^"\\])*"/g, '');
  if (names !== undefined && /^,|,,|,$/.test(names)) return { key, fault: 'an option is empty' };
  const tidy = readAuthorizedLine(formatAuthorizedKey(key));
  return tidy.fault === undefined ? tidy : { key, fault };
}

/** Whether a text is a private key, or has one in it. Nothing of it may be shown. */
export function isPrivateKey(text: string): boolean {
  return /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----|^PuTTY-User-Key-File/m.test(text);
}

/** The error for a private key in the place of a public one; `suggestions` lead to its public half. */
export function privateKeyGiven(origin: string, suggestions: Suggestion[]) {
  return badKey(origin, 'it is a private key; a workspace gets the public half of it', suggestions);
}

function badKey(origin: string, reason: string, suggestions: Suggestion[] = OTHERS) {
  return failure('BAD_PUBLIC_KEY', {
    message: `${origin} is not a public key that a workspace can use`,
    reason,
    suggestions,
  });
}

const OTHERS = [ws`keys add FILE.pub`, suggestNewKey()];

/** A line of authorized_keys for what is only rendered: nobody has the other half of the key. */
export const SOME_KEY = `ssh-ed25519 ${toWire('ssh-ed25519', Buffer.alloc(32, 1)).toString('base64')} ws`;
