/** A byte pipe to an SSH server that this machine reaches by itself: plain TCP, past the API server. */
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { failure, interrupted } from '../../../workspace/errors/errors.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { advice, ws } from '../../../workspace/errors/suggestion.ts';
import { formatAddress } from '../../../workspace/forwards/mapping.ts';
import type { DirectAddress } from '../../../workspace/ways/direct.ts';
import type { Opening } from '../pod-stream/open-pod-stream.ts';

const OPEN_LIMIT_MS = 20_000;

/** Throws `CONNECTION_FAILED`. */
export function openDirect(
  { host, port }: DirectAddress,
  signal: AbortSignal,
  { openLimitMs = OPEN_LIMIT_MS, connectLimitMs = openLimitMs, onAsked }: Opening,
): Promise<Duplex> {
  // There is nothing to open but the connection.
  const limitMs = Math.min(openLimitMs, connectLimitMs);
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.timeout(limitMs);
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    const either = AbortSignal.any([signal, limit]);
    const abort = () => void socket.destroy(interrupted());
    if (either.aborted) abort();
    either.addEventListener('abort', abort, { once: true });
    socket.once('error', (cause) => {
      if (signal.aborted) return reject(interrupted());
      reject(
        failure('CONNECTION_FAILED', {
          message: `Nothing is reached at ${formatAddress(host, port)}`,
          reason: limit.aborted ? `it has not answered within ${limitMs / 1000} s` : toReason(cause, 'address'),
          suggestions: [advice('Leave --direct out: the way through the API server needs no address'), ws`status`],
          cause,
          // Nobody says that anything restarts there, and the other way is there meanwhile.
          isLasting: true,
        }),
      );
    });
    socket.once('connect', () => {
      either.removeEventListener('abort', abort);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    onAsked?.();
  });
}
