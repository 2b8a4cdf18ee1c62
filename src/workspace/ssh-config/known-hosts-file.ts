/** The text of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): looked up and edited line by line. */
import { createHmac } from 'node:crypto';
import type { PublicKey } from '../../contract/keys/public-key.ts';
import { findKeyType } from '../../contract/keys/public-key.ts';
import { failure } from '../errors/errors.ts';
import { isPrintable, toPrintableJson } from '../errors/printable.ts';

interface Entry {
  marker: string;
  hosts: string;
  key: PublicKey;
}

/** The keys of a name, in the file's order, without those that are @revoked for it. */
export function findKeys(text: string, name: string): PublicKey[] {
  const entries = splitLines(text)
    .map(parseEntry)
    .filter((entry) => entry !== undefined && matches(entry.hosts, name)) as Entry[];
  const revoked = new Set(entries.filter((entry) => entry.marker === '@revoked').map((entry) => entry.key.blob));
  return entries.filter((entry) => entry.marker === '' && !revoked.has(entry.key.blob)).map((entry) => entry.key);
}

/**
 * The names that have a key. Leaves out patterns, which name nobody in particular, and hashes, which cannot be read.
 */
export function findNames(text: string, key: PublicKey): string[] {
  return splitLines(text)
    .map(parseEntry)
    .filter((entry) => entry?.marker === '' && entry.key.blob === key.blob)
    .flatMap((entry) => entry?.hosts.split(',') ?? [])
    .filter((host) => !/[*?!|]/.test(host));
}

/**
 * The text with exactly these keys under a name. Lines of other names, comments, markers, wildcards and damaged lines
 * stay byte for byte; the text itself comes back when nothing has to change. Throws `BAD_VALUE` for a name or key that
 * no line can hold.
 */
export function replaceKeys(text: string, name: string, keys: PublicKey[]): string {
  if (/[\s,*?!|]|^[#@]|^$/.test(name) || !isPrintable(name)) throw unwritable(name, 'a name');
  for (const { type, blob } of keys) if (!isKey(type, blob)) throw unwritable(`${type} ${blob}`, 'a key');
  const missing = new Map(keys.map((key) => [key.blob, key]));
  const kept = splitLines(text).map((line) => {
    const entry = parseEntry(line);
    if (entry === undefined || entry.marker !== '' || !names(entry.hosts, name)) return line;
    if (missing.delete(entry.key.blob)) return line;
    return withoutName(line, entry.hosts, name);
  });
  const before = kept.join('');
  const lines = [...missing.values()].map((key) => `${name} ${key.type} ${key.blob}\n`);
  const needsBreak = before !== '' && !before.endsWith('\n') && lines.length > 0;
  return [before, needsBreak ? '\n' : '', ...lines].join('');
}

/** The text with its last so many keys. Lines that are no plain key stay byte for byte. */
export function forgetOldest(text: string, most: number): string {
  const lines = splitLines(text);
  const isPlain = (line: string) => parseEntry(line)?.marker === '';
  let left = lines.filter(isPlain).length - most;
  if (left <= 0) return text;
  return lines.filter((line) => !isPlain(line) || left-- <= 0).join('');
}

/** Lines with their ends, so that joining them gives the text back. */
function splitLines(text: string): string[] {
  return text.split(/(?<=\n)/);
}

function parseEntry(line: string): Entry | undefined {
  const fields = line.trim().split(/[ \t]+/);
  const marker = fields[0]?.startsWith('@') ? (fields.shift() ?? '') : '';
  const [hosts = '', type = '', blob = ''] = fields;
  if (hosts === '' || hosts.startsWith('#')) return undefined;
  if (!isKey(type, blob)) return undefined;
  return { marker, hosts, key: { type, blob } };
}

/** Node's base64 reader would skip any other character. */
function isKey(type: string, blob: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(blob) && findKeyType(Buffer.from(blob, 'base64')) === type;
}

function unwritable(text: string, what: string) {
  return failure('BAD_VALUE', { message: `${toPrintableJson(text)} cannot stand as ${what} in known_hosts` });
}

/** As ssh(1) looks a name up: comma-separated patterns with * and ?, `!` to except, or one hashed name. */
function matches(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return isHashOf(hosts, name);
  const patterns = hosts.split(',');
  const isMatch = (pattern: string) => matchesPattern(pattern.toLowerCase(), name.toLowerCase());
  if (patterns.some((pattern) => pattern.startsWith('!') && isMatch(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && isMatch(pattern));
}

/** Whether the line has exactly this name. A line with a wildcard is somebody else's. */
function names(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return isHashOf(hosts, name);
  return hosts.split(',').some((host) => isSame(host, name));
}

function isSame(host: string, name: string): boolean {
  return host.toLowerCase() === name.toLowerCase();
}

/**
 * In time that grows with the product of both lengths: from the last `*` on it is tried again, never from an earlier
 * one.
 */
function matchesPattern(pattern: string, name: string): boolean {
  let [at, star, from] = [0, -1, 0];
  for (let index = 0; index < name.length; ) {
    if (pattern[at] === '*') {
      star = at;
      at += 1;
      from = index;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      from += 1;
      index = from;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/** `|1|SALT|HASH`: HMAC-SHA1 of the name under the salt. */
function isHashOf(hosts: string, name: string): boolean {
  const [, version, salt = '', hash = ''] = hosts.split('|');
  if (version !== '1' || salt === '' || hash === '') return false;
  return (
    createHmac('sha1', Buffer.from(salt, 'base64')).update(name.toLowerCase()).digest('base64').replace(/=+$/, '') ===
    hash.replace(/=+$/, '')
  );
}

/** Removes this name from a line of several names, or the whole line if it has no other. */
function withoutName(line: string, hosts: string, name: string): string {
  const others = hosts.startsWith('|') ? [] : hosts.split(',').filter((host) => !isSame(host, name));
  if (others.length === 0) return '';
  const at = line.indexOf(hosts);
  return line.slice(0, at) + others.join(',') + line.slice(at + hosts.length);
}
