/** Offers the identities one after the other and remembers the result of each. */

import type { AuthHandlerMiddleware } from 'ssh2';
import { failure, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { again, ws } from '../../../workspace/errors/suggestion.ts';
import type { Identity } from '../../../workspace/keys/keys.ts';
import type { Signer } from '../keys/signers.ts';

export class Authenticator {
  readonly #user: string;
  readonly #signers: Signer[];
  #offered = 0;
  #failure: unknown;

  constructor(user: string, signers: Signer[]) {
    this.#user = user;
    this.#signers = signers;
  }

  /** ssh2's `authHandler`. It skips the `none` request that others begin with: one round trip less. */
  readonly next: AuthHandlerMiddleware = (_methods, _partial, done) => {
    const signer = this.#signers[this.#offered];
    if (signer === undefined) {
      done(false as never);
      return;
    }
    this.#offered += 1;
    done({ type: 'agent', username: this.#user, agent: signer.agent });
  };

  /** Why a key that the server would have accepted did not sign. We report the first such reason. */
  noteFailure(error: unknown): void {
    this.#failure ??= error;
  }

  get offered(): number {
    return this.#offered;
  }

  /** The key that was offered last: once the server lets somebody in, the one that it took. */
  get accepted(): Identity {
    const signer = this.#signers[this.#offered - 1];
    if (signer === undefined) throw new Error('no key was offered yet');
    return signer.identity;
  }

  /** The error for a server that ended the connection over the keys that it heard. */
  toTiredError(): unknown {
    if (this.#failure !== undefined || this.#offered >= this.#signers.length) return this.toError();
    return tooMany(this.#user, this.#offered, this.#signers.length);
  }

  /** The error for a server that accepts none of the keys. */
  toError(): unknown {
    return this.#failure ?? notAuthorized(this.#user, this.#signers.slice(0, this.#offered));
  }
}

/** A server hears a few keys only: the right one may have been among the others. */
function tooMany(user: string, offered: number, all: number): WorkspaceError {
  return failure('KEY_NOT_AUTHORIZED', {
    message: `The workspace ended the login of ${user} before it heard the right key`,
    reason: `it heard ${offered} of ${all} keys, and a server ends the connection after a few`,
    suggestions: [again({ ...ws`ssh --identity FILE`, note: 'the private key that opens it' }), ws`keys ls`],
    cause: Object.assign(new Error('too many keys'), { code: 'KEYS_TOO_MANY' }),
  });
}

/** Nobody compares more fingerprints than this. */
const NAMED_KEYS = 5;

function notAuthorized(user: string, signers: Signer[]): WorkspaceError {
  const offered = signers.slice(0, NAMED_KEYS).map(({ identity }) => describe(identity));
  const more = signers.length - offered.length;
  const path = signers.find(({ identity }) => identity.path !== undefined)?.identity.path;
  return failure('KEY_NOT_AUTHORIZED', {
    message: `The workspace does not let ${user} in with ${signers.length === 1 ? 'this key' : 'any of these keys'}`,
    reason: `offered: ${offered.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    suggestions: [path === undefined ? ws`keys add FILE.pub` : ws`keys add ${path}.pub`, ws`keys ls`],
  });
}

function describe(identity: Identity): string {
  const from = identity.source === 'agent' ? 'the agent' : identity.path;
  return `${identity.fingerprint} (${identity.type}, from ${from})`;
}
