/** Lines of authorized_keys as Dropbear reads them: app and supervisor ask nobody else which key opens a workspace. */
import { KEY_OPTIONS, KEY_TYPES, LIMITS } from './dropbear-rules.ts';
import { findKeyDamage } from './key-damage.ts';
import type { PublicKey } from './public-key.ts';

export interface AuthorizedKey extends PublicKey {
  /** Restrictions before the key, as `no-pty,command="…"`. */
  options: string | undefined;
  /** May be empty. */
  comment: string;
}

/** One line: a key that opens, a key or something else with a fault, or neither for an empty line and a comment. */
export interface AuthorizedLine {
  key: AuthorizedKey | undefined;
  /** Why it opens nothing. */
  fault: string | undefined;
}

/** A line in its text. Numbers count from 1, as an editor has them. */
export interface PlacedLine extends AuthorizedLine {
  number: number;
  text: string;
}

interface Fields {
  options: string | undefined;
  type: string;
  /** The key as it is written. */
  base64: string;
  comment: string;
}

const TYPES = Object.keys(KEY_TYPES);

/**
 * What Dropbear finds in a line. Options end at the first blank outside of quotes, where a quote with a backslash
 * before it counts as any other; then one space stands on each side of the type, and the key ends at the next one.
 */
const EXACT = new RegExp(
  `^(?:[ \\t]*((?:"[^"]*"|[^" \\t])+)[ \\t])?(${TYPES.join('|').replaceAll('.', '\\.')}) ([^ ]+)(?: (.*))?$`,
  's',
);

export function isOpening({ key, fault }: AuthorizedLine): boolean {
  return key !== undefined && fault === undefined;
}

/** The line of a key, with the single spaces that Dropbear needs. A comment keeps to one line and to ASCII. */
export function formatAuthorizedKey(key: PublicKey & { options?: string | undefined; comment: string }): string {
  return [key.options, key.type, key.blob, toPlainComment(key.comment)].filter(Boolean).join(' ');
}

/** All lines of a text, and what Dropbear makes of each in its place. */
export function readAuthorizedKeys(text: string): PlacedLine[] {
  const lines: PlacedLine[] = [];
  const above: LinesAbove = { count: 0, tooLong: undefined, blank: undefined };
  for (const [, ended, lineEnd = '', last] of text.matchAll(/([^\r\n]*)(\r\n|\r|\n)|([^\r\n]+)$/g)) {
    const line = { number: lines.length + 1, text: ended ?? last ?? '' };
    const { key, fault } = readAuthorizedLine(line.text);
    const isComment = key === undefined && fault === undefined;
    lines.push({ ...line, key, fault: isComment ? undefined : (findReadingEnd(above, key?.type) ?? fault) });
    if (Buffer.byteLength(line.text) > LIMITS.readingBytes) above.tooLong ??= line;
    if (isBlankTrap(line.text) && line.text.length > (above.blank?.text.length ?? 0)) above.blank = line;
    // For Dropbear each of CR and LF ends a line.
    above.count += Math.max(1, lineEnd.length);
  }
  return lines;
}

/** One line by itself. What stands in it is named even where Dropbear would not find it. */
export function readAuthorizedLine(line: string): AuthorizedLine {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return { key: undefined, fault: undefined };
  const exact = findExactFields(line);
  if (exact === undefined && text.includes('PRIVATE KEY-----'))
    return { key: undefined, fault: 'it is a private key; only the public half belongs here' };
  const fields = exact ?? splitLoosely(text);
  const fault = findFieldFault(fields) ?? (exact === undefined ? findLayoutFault(line, fields) : undefined);
  return { key: toKey(fields), fault };
}

function findExactFields(line: string): Fields | undefined {
  if (Buffer.byteLength(line) > LIMITS.lineBytes || line.includes('\0')) return undefined;
  const [, options, type = '', base64 = '', comment = ''] = EXACT.exec(line) ?? [];
  return type === '' ? undefined : { options, type, base64, comment };
}

/** The same fields as their writer meant them, whatever the blanks. */
function splitLoosely(text: string): Fields {
  const options = isKeyType(text) ? '' : (/^(?:"(?:\\.|[^"\\])*"|[^\s"])*/.exec(text)?.[0] ?? '');
  const [type = '', base64 = '', ...comment] = text.slice(options.length).trim().split(/\s+/);
  return { options: options || undefined, type, base64, comment: comment.join(' ') };
}

function toKey({ options, type, base64, comment }: Fields): AuthorizedKey | undefined {
  const wire = decodeBase64(base64);
  if (!TYPES.includes(type) || wire === undefined || wire.length === 0) return undefined;
  return { options, type, blob: wire.toString('base64'), comment: toPlainComment(comment) };
}

/** Dropbear passes over whatever is no digit of base64, padding included. */
function decodeBase64(text: string): Buffer | undefined {
  const digits = text.replace(/[^A-Za-z0-9+/]/g, '');
  return digits.length % 4 === 1 ? undefined : Buffer.from(digits, 'base64');
}

function toPlainComment(comment: string): string {
  return comment.replace(/[^\x21-\x7e]+/g, ' ').trim();
}

function isKeyType(text: string): boolean {
  return /^(?:ssh-|ecdsa-sha2-|sk-|rsa-sha2-|webauthn-)[\w.@-]+(?:\s|$)/.test(text);
}

function findFieldFault({ options, type, base64 }: Fields): string | undefined {
  if (!isKeyType(type)) return `"${shorten(type || (options ?? ''))}" is not a key type`;
  return findOptionFault(options ?? '') ?? findTypeFault(type) ?? findBlobFault(type, base64);
}

function findOptionFault(options: string): string | undefined {
  const seen = new Set<string>();
  // Dropbear takes no name between two commas for no option.
  for (let at = 0; at < options.length; at += 1) {
    const [name = ''] = /^[^,="]*/.exec(options.slice(at)) ?? [];
    if (name === '' && options[at] === ',') continue;
    const option = KEY_OPTIONS[name.toLowerCase()];
    if (option === undefined) return `the server does not know the option "${shorten(name)}"`;
    const length = name.length + findValueLength(option.value, options, at + name.length);
    if (Number.isNaN(length) || ![',', undefined].includes(options[at + length]))
      return `the server cannot read the option "${shorten(options.slice(at))}": it is written ${option.form ?? name}`;
    if (option.isOnce && seen.has(name.toLowerCase())) return `the option "${name}" may stand only once`;
    seen.add(name.toLowerCase());
    at += length;
  }
  return undefined;
}

/** NaN where it does not fit. */
function findValueLength(value: RegExp | undefined, options: string, at: number): number {
  if (value === undefined) return 0;
  value.lastIndex = at;
  return value.exec(options)?.[0].length ?? Number.NaN;
}

/** Why nobody can log in with this key; undefined for one that the server takes. */
export function findKeyFault({ type, blob }: PublicKey): string | undefined {
  return findTypeFault(type) ?? findBlobFault(type, blob);
}

function findTypeFault(type: string): string | undefined {
  if (TYPES.includes(type)) return undefined;
  if (/-cert-v\d+@/.test(type)) return 'it is a certificate; the server takes plain public keys';
  if (type === 'ssh-dss') return 'DSA keys are too weak; an ed25519 key is not';
  return `keys of type ${shorten(type)} are not accepted; these are: ${TYPES.join(', ')}`;
}

function findBlobFault(type: string, base64: string): string | undefined {
  if (base64 === '') return `nothing follows "${type}"`;
  const wire = decodeBase64(base64);
  const damage = wire === undefined ? 'the key is damaged' : findKeyDamage(type, wire);
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && wire !== undefined;
  return damage === undefined || isBase64 ? damage : 'the key is damaged: it is not base64';
}

/** Why Dropbear does not find what stands there. */
function findLayoutFault(line: string, { options }: Fields): string {
  if (Buffer.byteLength(line) > LIMITS.lineBytes) return `the line is longer than ${LIMITS.lineBytes} bytes`;
  if (options?.includes('\\"'))
    return 'a blank between escaped quotes (\\") ends the options; a script can hold the command';
  return 'it needs one space after the type, one after options, and no other blank before the key';
}

/** What may end Dropbear's reading before it comes to a line. */
interface LinesAbove {
  count: number;
  tooLong: { number: number } | undefined;
  /** The longest line of nothing but blanks. */
  blank: { number: number; text: string } | undefined;
}

function findReadingEnd({ count, tooLong, blank }: LinesAbove, type: string | undefined): string | undefined {
  if (count >= LIMITS.lines) return `only the first ${LIMITS.lines} lines are read`;
  if (tooLong !== undefined)
    return `the server stops reading at line ${tooLong.number}, which is longer than ${LIMITS.readingBytes} bytes`;
  // Dropbear compares a line with the type, a space and two digits of a key before it looks at what the line holds.
  return blank !== undefined && type !== undefined && blank.text.length >= type.length + 3
    ? `the server ends at line ${blank.number}, which is nothing but blanks`
    : undefined;
}

/**
 * Behind blanks Dropbear looks for options, and exits where the line ends. It passes over lines of fewer than ten
 * bytes.
 */
function isBlankTrap(line: string): boolean {
  return line.length <= LIMITS.lineBytes && /^[ \t]{10,}$/.test(line);
}

function shorten(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, '?');
  return printable.length > 40 ? `${printable.slice(0, 40)}…` : printable;
}
