/** Key files on this machine, seen from their public half. */

import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { findKeyFault } from '../../../contract/keys/authorized-keys.ts';
import { failure, hasCode, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { again, run, ws } from '../../../workspace/errors/suggestion.ts';
import { type Identity, toNamedKey } from '../../../workspace/keys/keys.ts';
import { type PrivateKeyHead, readPrivateKeyHead } from '../../../workspace/keys/private-key.ts';
import { type AuthorizedKey, parsePublicKey } from '../../../workspace/keys/public-key.ts';

/** No key is larger. We do not read a larger file, which was named by mistake. */
const SIZE_LIMIT_BYTES = 64 * 1024;

/**
 * The key pair or public key at a path, given by either half. Throws `KEY_NOT_FOUND`, or `KEY_UNREADABLE` with what is
 * wrong.
 */
export async function readKeyFile(path: string): Promise<Identity> {
  const text = await getText(path);
  const head = readPrivateKeyHead(text);
  if (head !== undefined) return toIdentity(path, head, await findPublicKey(`${path}.pub`));
  if (/PRIVATE KEY-----|^PuTTY-User-Key-File/.test(text)) {
    throw unreadable(path, 'it is a private key, but damaged or of a kind that is not known');
  }
  const key = parseEitherHalf(text, path);
  const privatePath = path.endsWith('.pub') ? path.slice(0, -'.pub'.length) : undefined;
  const privateHead = privatePath === undefined ? undefined : await findHead(privatePath);
  return {
    ...toNamedKey(key),
    source: 'file',
    path: privateHead === undefined ? undefined : privatePath,
    encrypted: privateHead?.encrypted ?? false,
  };
}

/** Who names a private key hears of both halves. What a text that is neither holds is not said: it may be a secret. */
function parseEitherHalf(text: string, path: string): AuthorizedKey {
  try {
    return parsePublicKey(text, path);
  } catch (error) {
    const isMeantAsPublic = path.endsWith('.pub') || text.trim() === '' || /^\s*(?:ssh|sk|ecdsa)-/.test(text);
    const { reason } = error as WorkspaceError;
    throw unreadable(path, (isMeantAsPublic ? reason : undefined) ?? 'it is neither a private key nor a public one');
  }
}

/** The key pair whose private half is at a path; undefined when there is none that can be read. */
export async function findKeyPair(path: string): Promise<Identity | undefined> {
  const head = await findHead(path);
  if (head === undefined) return undefined;
  try {
    return toIdentity(path, head, await findPublicKey(`${path}.pub`));
  } catch (error) {
    if (hasCode(error, 'KEY_UNREADABLE')) return undefined;
    throw error;
  }
}

/** The text of a key file. Throws `KEY_NOT_FOUND` or `KEY_UNREADABLE`. */
export async function getText(path: string): Promise<string> {
  try {
    return readSmallFile(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw failure('KEY_NOT_FOUND', {
        message: `There is no key at ${path}`,
        suggestions: [run('ls')`~/.ssh`, again(ws`up --identity FILE`)],
        cause,
      });
    }
    throw unreadable(path, code === 'EACCES' ? 'it may not be read' : toReason(cause, 'file'), cause);
  }
}

export function unreadable(path: string, reason: string, cause?: unknown) {
  return failure('KEY_UNREADABLE', {
    message: `The key ${path} cannot be used`,
    reason,
    suggestions: [run('ssh-keygen')`-l -f ${path}`, again({ ...ws`up --identity FILE`, note: 'takes another key' })],
    cause,
  });
}

/** The .pub file is trusted only where the private file hides its public half: the two may not belong together. */
function toIdentity(path: string, head: PrivateKeyHead, beside: AuthorizedKey | undefined): Identity {
  const key = head.publicKey ?? beside;
  if (key === undefined) {
    throw failure('KEY_UNREADABLE', {
      message: `The public half of ${path} is not known`,
      reason: 'the file is encrypted as a whole and no .pub file stands beside it',
      suggestions: [{ ...run('ssh-keygen')`-y -f ${path}`, into: `${path}.pub` }],
    });
  }
  const fault = findKeyFault(key);
  if (fault !== undefined) throw unreadable(path, fault);
  const comment = head.comment !== '' ? head.comment : beside?.blob === key.blob ? beside.comment : '';
  return { ...toNamedKey({ ...key, comment }), source: 'file', path, encrypted: head.encrypted };
}

async function findHead(path: string): Promise<PrivateKeyHead | undefined> {
  const text = await findText(path);
  return text === undefined ? undefined : readPrivateKeyHead(text);
}

async function findPublicKey(path: string): Promise<AuthorizedKey | undefined> {
  const text = await findText(path);
  try {
    return text === undefined ? undefined : parsePublicKey(text, path);
  } catch {
    return undefined;
  }
}

async function findText(path: string): Promise<string | undefined> {
  try {
    return readSmallFile(path);
  } catch {
    return undefined;
  }
}

/**
 * Opened without blocking: a named pipe in ~/.ssh must not hold the program up. At once, since to hand so small a file
 * to another thread takes several times as long as to read it.
 */
function readSmallFile(path: string): string {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error('it is not a file');
    if (stat.size > SIZE_LIMIT_BYTES) throw new Error('it is too large for a key');
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}
