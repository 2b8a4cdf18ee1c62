import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { failure } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { findNearest } from '../../workspace/errors/nearest.ts';
import { toQuoted } from '../../workspace/errors/printable.ts';
import { advice, type Command, run, type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import {
  formatAuthorizedKey,
  isPrivateKey,
  parseAuthorizedKeys,
  privateKeyGiven,
} from '../../workspace/keys/public-key.ts';
import { isNewName } from '../../workspace/naming/address.ts';
import { homeFolder } from '../terminal/machine.ts';

/**
 * Lines for authorized_keys from a file, `-` for stdin, or the key itself. Without a named workspace a word that is
 * no file may be its name. Throws `BAD_PUBLIC_KEY` or `KEY_NOT_FOUND`.
 */
export async function readPublicKeys(source: string, stdin: Readable, workspace?: string): Promise<string[]> {
  const { text, origin, file } = await read(source, stdin, workspace === undefined && isNewName(source));
  if (isPrivateKey(text))
    throw privateKeyGiven(
      origin,
      file === undefined ? [ws`keys add FILE.pub`] : suggestPublicHalf(file, text, addLine(`${file}.pub`, source)),
    );
  const keys = parseAuthorizedKeys(text, origin);
  if (keys.length === 0)
    throw failure('BAD_PUBLIC_KEY', {
      message: `${origin} holds no public key`,
      suggestions: [ws`keys add FILE.pub`],
    });
  return keys.map(formatAuthorizedKey);
}

/**
 * The keys that a word of `ws keys rm` names if it is no fingerprint and no comment: a file that is there, or the key
 * itself. Undefined for any other word. Throws `BAD_PUBLIC_KEY` or `KEY_NOT_FOUND`.
 */
export function findPublicKeys(word: string): string[] | undefined {
  const file = toPath(word);
  const text = isWholeKey(word) ? word : isFile(file) ? readKeyFile(file, () => [ws`keys ls`]) : undefined;
  if (text === undefined) return undefined;
  const origin = isWholeKey(word) ? 'the key' : file;
  if (isPrivateKey(text))
    throw privateKeyGiven(
      origin,
      isWholeKey(word) ? [ws`keys rm FILE.pub`] : suggestPublicHalf(file, text, ws`keys rm ${`${file}.pub`}`),
    );
  return parseAuthorizedKeys(text, origin).map(({ blob }) => blob);
}

/**
 * The words with the workspace before its key. `FILE.pub dev` is as clear as `dev FILE.pub`: no workspace is called so.
 * Throws `BAD_WORKSPACE_NAME` where a file and a workspace may have the name.
 */
export function putWorkspaceFirst(words: (string | undefined)[], verb: 'add' | 'rm'): (string | undefined)[] {
  const [workspace, key, ...others] = words;
  if (workspace === undefined || key === undefined || isPrivateKey(workspace)) return words;
  if (isKeySource(key) || !isKeySource(workspace)) return words;
  if (!isNewName(workspace)) return [key, workspace, ...others];
  throw failure('BAD_WORKSPACE_NAME', {
    message: `${toQuoted(workspace)} is a key and not a workspace`,
    reason: 'the workspace comes first, and then its key',
    suggestions: [{ ...(verb === 'rm' ? ws`keys rm ${workspace}` : ws`keys add ${workspace}`), workspace: key }],
  });
}

/** Whether this can only be meant as a key. */
function isKeySource(text: string): boolean {
  return text === '-' || /^SHA256:|^\S+ AAAA|\/|\.pub$/.test(text) || isFile(text);
}

/** A private key in the place of a path must not be taken for one: it would be shown. */
function isWholeKey(text: string): boolean {
  return /^\S+ AAAA/.test(text) || isPrivateKey(text);
}

function isFile(text: string): boolean {
  return existsSync(text) && statSync(text).isFile();
}

function toPath(source: string): string {
  return source.replace(/^~(?=\/)/, () => homeFolder());
}

/** The public half of this very file: what stands beside it, else what makes it. */
function suggestPublicHalf(file: string, text: string, line: Command): Suggestion[] {
  const half = `${file}.pub`;
  if (existsSync(half)) return [line];
  if (text.startsWith('PuTTY')) return [advice('PuTTYgen shows its public half, to be put into a file of its own')];
  return [{ ...run('ssh-keygen')`-y -f ${file}`, into: half, note: 'makes its public half' }, line];
}

/** So many of the keys that are there are shown. */
const SHOWN = 3;

/**
 * In place of a file that is not there: the public keys beside it and where OpenSSH keeps its own, the nearest name
 * first; where there is none, what makes one.
 */
function suggestPublicKeys(file: string, source: string, mayBeName: boolean): Suggestion[] {
  const add = (half: string) => (mayBeName ? { ...addLine(half, source), workspace: source } : addLine(half, source));
  const own = path.join(homeFolder(), '.ssh');
  const there = [...new Set([path.dirname(path.resolve(file)), own])].flatMap(listPublicKeys);
  const names = there.map((one) => path.basename(one));
  const near = findNearest(path.basename(file), names);
  const shown = there.toSorted(
    (one, other) => Number(path.basename(other) === near) - Number(path.basename(one) === near),
  );
  if (shown.length > 0) return shown.slice(0, SHOWN).map(add);
  const key = path.join(own, 'id_ed25519');
  const line = add(`${key}.pub`);
  if (existsSync(key)) return suggestPublicHalf(key, '', line);
  return [{ ...run('ssh-keygen')`-t ed25519 -f ${key}`, note: 'makes a key' }, line];
}

/** The line that was typed, with this file in the place of its key. */
function addLine(half: string, source: string): Command {
  return { ...ws`keys add ${half}`, again: { instead: [source] } };
}

function listPublicKeys(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.pub'));
    return names.map((name) => path.join(folder, name)).filter(isPublicKeyFile);
  } catch {
    return [];
  }
}

function isPublicKeyFile(file: string): boolean {
  try {
    return statSync(file).isFile() && parseAuthorizedKeys(readFileSync(file, 'utf8'), file).length > 0;
  } catch {
    return false;
  }
}

async function read(
  source: string,
  stdin: Readable,
  mayBeName: boolean,
): Promise<{ text: string; origin: string; file?: string }> {
  if (isWholeKey(source)) return { text: source, origin: 'the key' };
  if (source === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of stdin) chunks.push(chunk as Buffer);
    return { text: Buffer.concat(chunks).toString('utf8'), origin: 'stdin' };
  }
  const file = toPath(source);
  return { text: readKeyFile(file, () => suggestPublicKeys(file, source, mayBeName)), origin: file, file };
}

function readKeyFile(file: string, suggest: () => Suggestion[]): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw failure('KEY_NOT_FOUND', {
      message: `${file} cannot be read`,
      reason: toReason(cause, 'file'),
      suggestions: suggest(),
      cause,
    });
  }
}
