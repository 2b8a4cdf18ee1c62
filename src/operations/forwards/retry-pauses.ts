import { hasCode } from '../../workspace/errors/errors.ts';

/** Between tries to reconnect, doubling from the first to the last. */
const FIRST_MS = 200;
const LAST_MS = 5000;

/** After credentials were refused: a person has to log in again, and a plugin may ask for that at each try. */
const FIRST_REFUSED_MS = 10_000;
const LAST_REFUSED_MS = 60_000;

/** How long to wait after each failure, so that many who lost the same cluster do not come back at the same moment. */
export class RetryPauses {
  #waitMs = FIRST_MS;
  #refusedMs = FIRST_REFUSED_MS;

  /** In milliseconds, a quarter more or less by chance. */
  next(error: unknown): number {
    const isRefused = hasCode(error, 'CREDENTIALS_REJECTED');
    const pauseMs = isRefused ? this.#refusedMs : this.#waitMs;
    if (isRefused) this.#refusedMs = Math.min(pauseMs * 2, LAST_REFUSED_MS);
    else this.#waitMs = Math.min(pauseMs * 2, LAST_MS);
    return pauseMs * (0.75 + Math.random() / 2);
  }
}
