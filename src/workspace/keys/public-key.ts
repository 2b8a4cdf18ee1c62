/** Public keys as people paste them. What Dropbear would silently ignore is refused here, with the line and the reason. */

import { formatAuthorizedKey } from '../../contract/keys/authorized-keys.ts';
import { findKeyType } from '../../contract/keys/public-key.ts';
import { WireReader } from '../../contract/keys/wire.ts';
import { failure } from '../errors/errors.ts';
import { run, ws } from '../errors/suggestion.ts';

export interface AuthorizedKey {
  /** Restrictions before the key, as `no-pty,command="…"`; '' for none. */
  options: string;
  type: string;
  /** Base64 of the wire form. */
  blob: string;
  comment: string;
}

/** What Dropbear 2026 accepts (svr-authpubkey.c); its RSA signatures are sha2-256 only, so the key type stays `ssh-rsa`. */
export const ACCEPTED_KEY_TYPES = [
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
] as const;

/** Any other option makes Dropbear ignore the whole line (svr-authpubkeyoptions.c). */
const ACCEPTED_OPTIONS = new Set([
  'no-port-forwarding',
  'no-agent-forwarding',
  'no-x11-forwarding',
  'no-pty',
  'restrict',
  'command',
  'permitopen',
  'permitlisten',
  'no-touch-required',
  'verify-required',
]);

/** Those that say something, in quotes. */
const QUOTED_OPTIONS = new Set(['command', 'permitopen', 'permitlisten']);

/** Dropbear reads no longer line (MAX_AUTHKEYS_LINE) and no more lines than `LINES_LIMIT`. */
const LINE_LIMIT_BYTES = 3000;
export const LINES_LIMIT = 300;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The keys of an authorized_keys text; blank lines and comments are left out. Throws `BAD_PUBLIC_KEY`. */
export function parseAuthorizedKeys(text: string, origin: string): AuthorizedKey[] {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----|^PuTTY-User-Key-File/m.test(text)) {
    throw badKey(origin, 'it is a private key; a workspace gets the public half, which is in the .pub file beside it');
  }
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  if (lines.length > LINES_LIMIT) throw badKey(origin, `it has ${lines.length} lines; ${LINES_LIMIT} are read`);
  const keys: AuthorizedKey[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const key = parseLine(line);
    if (typeof key === 'string') throw badKey(lines.length > 1 ? `${origin}, line ${index + 1}` : origin, key);
    keys.push(key);
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

export { formatAuthorizedKey };

/** What stands in a line of authorized_keys that somebody wrote, whether it opens anything or not; undefined for a comment and for no key. */
export function findAuthorizedKey(line: string): (AuthorizedKey & { opens: boolean }) | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const key = splitLine(text);
  if (!ACCEPTED_KEY_TYPES.some((type) => type === key.type) || !BASE64.test(key.blob)) return undefined;
  // Dropbear wants one space, and nothing but one, before and after the type.
  const opens = findFault(text, key) === undefined && text.startsWith(formatAuthorizedKey({ ...key, comment: '' }));
  return { ...key, opens };
}

/** The key, or why it is none. */
function parseLine(line: string): AuthorizedKey | string {
  const key = splitLine(line);
  return findFault(line, key) ?? key;
}

function splitLine(line: string): AuthorizedKey {
  const options = isKeyType(line) ? '' : takeOptions(line);
  const [type = '', blob = '', ...comment] = line
    .slice(options.length)
    .trim()
    .split(/[ \t]+/);
  return { options, type, blob, comment: toPrintableComment(comment.join(' ')) };
}

function toPrintableComment(text: string): string {
  return text.replace(/[^\x21-\x7e]+/g, ' ').trim();
}

function findFault(line: string, { options, type, blob }: AuthorizedKey): string | undefined {
  if (Buffer.byteLength(line) > LINE_LIMIT_BYTES) return `the line is longer than ${LINE_LIMIT_BYTES} bytes`;
  if (!isKeyType(type)) return `"${shorten(type || options)}" is not a key type`;
  return findOptionFault(options) ?? findTypeFault(type) ?? findBlobFault(type, blob);
}

function isKeyType(text: string): boolean {
  return /^(?:ssh-|ecdsa-sha2-|sk-|rsa-sha2-|webauthn-)[\w.@-]+(?:\s|$)/.test(text);
}

/** Everything up to the first blank outside quotes. */
function takeOptions(line: string): string {
  return /^(?:"(?:\\.|[^"\\])*"|[^\s"])*/.exec(line)?.[0] ?? '';
}

function findOptionFault(options: string): string | undefined {
  if (/^,|,,|,$/.test(options.replaceAll(/"(?:\\.|[^"\\])*"/g, ''))) return 'an option is empty';
  for (const [option = ''] of options.matchAll(/(?:"(?:\\.|[^"\\])*"|[^,"])+/g)) {
    const name = option.split('=', 1)[0] ?? '';
    if (!ACCEPTED_OPTIONS.has(name.toLowerCase())) return `the server does not know the option "${shorten(name)}"`;
    const isQuoted = /^[^=]+="(?:\\.|[^"\\])+"$/.test(option);
    if (QUOTED_OPTIONS.has(name.toLowerCase()) ? isQuoted : !option.includes('=')) continue;
    return `the server cannot read the option "${shorten(option)}": command, permitopen and permitlisten are written NAME="…", the others alone`;
  }
  return undefined;
}

function findTypeFault(type: string): string | undefined {
  if ((ACCEPTED_KEY_TYPES as readonly string[]).includes(type)) return undefined;
  if (/-cert-v\d+@/.test(type)) return 'it is a certificate; the server takes plain public keys';
  if (type === 'ssh-dss') return 'DSA keys are too weak; make a new one with ssh-keygen -t ed25519';
  return `keys of type ${shorten(type)} are not accepted; these are: ${ACCEPTED_KEY_TYPES.join(', ')}`;
}

function findBlobFault(type: string, blob: string): string | undefined {
  if (blob === '') return `nothing follows "${type}"`;
  if (!BASE64.test(blob) || blob.length % 4 !== 0) return 'the key is damaged: it is not base64';
  const bytes = Buffer.from(blob, 'base64');
  const inside = findKeyType(bytes);
  if (inside === undefined) return 'the key is damaged';
  if (inside !== type) return `it says ${type}, but holds a key of type ${inside}`;
  return hasAllParts(type, bytes) ? undefined : 'the key is cut short';
}

/** How many strings follow the type, per RFC 8709, 4253, 5656 and OpenSSH's PROTOCOL.u2f. */
function hasAllParts(type: string, bytes: Buffer): boolean {
  const parts = { 'ssh-ed25519': 1, 'sk-ecdsa-sha2-nistp256@openssh.com': 3 }[type] ?? 2;
  const reader = new WireReader(bytes);
  try {
    reader.string();
    for (let part = 0; part < parts; part += 1) reader.string();
    return reader.rest().length === 0;
  } catch {
    return false;
  }
}

function shorten(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, '?');
  return printable.length > 40 ? `${printable.slice(0, 40)}…` : printable;
}

function badKey(origin: string, reason: string) {
  return failure('BAD_PUBLIC_KEY', {
    message: `${origin} is not a public key that a workspace can use`,
    reason,
    suggestions: [ws`keys add ~/.ssh/id_ed25519.pub`, run('ssh-keygen')`-t ed25519`],
  });
}
