/** A private key from its file, in any form, with its passphrase when it has one. */

import type { ParsedKey } from 'ssh2';
import { failure } from '../../../workspace/errors/errors.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { advice, run } from '../../../workspace/errors/suggestion.ts';
import type { Identity } from '../../../workspace/keys/keys.ts';
import { fromPkcs8, readPrivateKeyHead } from '../../../workspace/keys/private-key.ts';
import { parseKey } from '../ssh2-privates.ts';
import { getText, unreadable } from './key-files.ts';

export type AskPassphrase = (identity: Identity, attempt: number) => Promise<string | undefined>;

/** As often as OpenSSH asks. */
const ATTEMPTS = 3;

/** Throws `KEY_NOT_FOUND`, `KEY_UNREADABLE`, `PASSPHRASE_WRONG` or `PASSPHRASE_UNASKABLE`. */
export async function decryptKey(identity: Identity, ask: AskPassphrase | undefined): Promise<ParsedKey> {
  const path = identity.path;
  if (path === undefined) {
    throw failure('KEY_UNREADABLE', {
      message: `The private half of ${identity.fingerprint} is neither in a file nor in the agent`,
      suggestions: [run('ssh-add')``],
    });
  }
  const text = await getText(path);
  const head = readPrivateKeyHead(text);
  if (head === undefined) throw unreadable(path, 'it is no private key that is known here');
  if (!head.encrypted) return parse(path, text, undefined);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const passphrase = await ask?.(identity, attempt);
    if (passphrase === undefined) throw unaskable(path);
    try {
      return parse(path, text, passphrase);
    } catch (error) {
      if (isKindUnknown(error)) throw error;
    }
  }
  throw failure('PASSPHRASE_WRONG', {
    message: `The passphrase does not open ${path}`,
    reason: `${ATTEMPTS} were tried`,
    suggestions: [run('ssh-add')`${path}`, run('ssh-keygen')`-y -f ${path}`],
  });
}

class UnknownKind extends Error {}

function isKindUnknown(error: unknown): boolean {
  return (error as Error).cause instanceof UnknownKind;
}

function parse(path: string, text: string, passphrase: string | undefined): ParsedKey {
  try {
    const isPkcs8 = /-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----/.test(text);
    const key = parseKey(isPkcs8 ? fromPkcs8(text, passphrase) : text, isPkcs8 ? undefined : passphrase) as
      | ParsedKey
      | ParsedKey[]
      | Error;
    if (key instanceof Error) throw /Unsupported/.test(key.message) ? new UnknownKind(key.message) : key;
    // OpenSSH's form allows several keys in a file, and every file has one.
    const first = Array.isArray(key) ? key[0] : key;
    if (first === undefined || !first.isPrivateKey()) throw new UnknownKind('it holds no private key');
    return first;
  } catch (cause) {
    throw unreadable(path, toKeyReason(text, cause), cause);
  }
}

function toKeyReason(text: string, error: unknown): string {
  if (text.startsWith('PuTTY-')) return 'this kind of PuTTY key is not known; export it in OpenSSH form with puttygen';
  return toReason(error, 'file');
}

function unaskable(path: string) {
  return failure('PASSPHRASE_UNASKABLE', {
    message: `The key ${path} has a passphrase, and there is nobody to ask for it`,
    reason: 'no terminal is attached, and no agent holds the key',
    suggestions: [
      { ...run('ssh-add')`${path}`, note: 'where an agent runs' },
      advice('Or let SSH_ASKPASS name a program that prints it, with SSH_ASKPASS_REQUIRE=force'),
    ],
  });
}
