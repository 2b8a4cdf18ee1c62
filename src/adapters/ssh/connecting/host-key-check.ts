import type { PublicKey } from '../../../contract/keys/public-key.ts';
import { findKeyType } from '../../../contract/keys/public-key.ts';
import { failure, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { ws } from '../../../workspace/errors/suggestion.ts';
import { toFingerprint } from '../../../workspace/keys/keys.ts';

/** Accepts exactly the known keys and remembers any other key that the server showed. */
export class HostKeyCheck {
  readonly #known: PublicKey[];
  #refused: Buffer | undefined;

  constructor(known: PublicKey[]) {
    this.#known = known;
  }

  verify(blob: Buffer): boolean {
    const shown = blob.toString('base64');
    if (this.#known.some((key) => key.blob === shown)) return true;
    this.#refused = Buffer.from(blob);
    return false;
  }

  /** `HOST_KEY_CHANGED` once a key was refused. */
  findFault(): WorkspaceError | undefined {
    if (this.#refused === undefined) return undefined;
    const known = this.#known.map((key) => `${toFingerprint(key.blob)} (${key.type})`).join(' or ');
    const type = findKeyType(this.#refused) ?? 'unknown type';
    return failure('HOST_KEY_CHANGED', {
      message: "The server's host key is not the workspace's",
      reason: [
        `Expected ${known || 'a key that is recorded, but none is'}, but the server showed ${toFingerprint(this.#refused.toString('base64'))} (${type}).`,
        'If somebody replaced the host-key Secret on purpose (a rotation, a workspace made anew), the Secret holds the new key:',
        'compare the fingerprint with its owner, then connect again. If nobody did, another machine answers in its place: do not connect.',
      ].join(' '),
      suggestions: [ws`status`, ws`doctor`],
    });
  }
}
