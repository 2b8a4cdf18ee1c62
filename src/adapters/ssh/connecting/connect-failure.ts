/** Why a connection was not made, from what ssh2 and servers say. */

import { failure, WorkspaceError } from '../../../workspace/errors/errors.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { ws } from '../../../workspace/errors/suggestion.ts';
import type { Authenticator } from './authenticator.ts';

/** Servers end the connection over too many keys; Dropbear does so without a word, and not before it saw this many. */
const KEYS_THAT_ARE_TOO_MANY = 6;

/** Translates the error. `error` is undefined when the connection just ended. */
export function toConnectFailure(error: Error | undefined, authenticator: Authenticator): unknown {
  if (error instanceof WorkspaceError) return error;
  const isRefusal = (error as { level?: string } | undefined)?.level === 'client-authentication';
  const isTired =
    error === undefined
      ? authenticator.offered >= KEYS_THAT_ARE_TOO_MANY
      : /too many authentication failures/i.test(error.message);
  if (isTired) return authenticator.toTiredError();
  if (isRefusal) return authenticator.toError();
  const reason = error === undefined ? 'the connection was closed' : toReason(error, 'address');
  return failure('CONNECTION_FAILED', {
    message: 'The SSH connection could not be made',
    reason: authenticator.offered === 0 ? reason : `${reason} (while the server looked at the keys)`,
    suggestions: [ws`status`, ws`logs`],
    cause: error,
  });
}

/** The error for a server, or something on the way, that accepts the stream and then says nothing. */
export function toSilence(limitMs: number): WorkspaceError {
  return failure('CONNECTION_FAILED', {
    message: 'The SSH server does not answer',
    reason: `nothing came of the handshake within ${limitMs / 1000} s`,
    suggestions: [ws`status`, ws`logs`],
  });
}
