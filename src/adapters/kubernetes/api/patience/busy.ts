import { type ApiRefusal, findStatusCode } from '../translate.ts';

/** How often a busy API server (429, 503 with Retry-After) is asked again. */
const BUSY_RETRIES = 3;

/** In milliseconds, as the server named it; undefined for any other error, and after some tries. */
export function findRetryDelay(error: unknown, tries: number): number | undefined {
  if (tries >= BUSY_RETRIES) return undefined;
  const statusCode = findStatusCode(error);
  if (statusCode !== 429 && statusCode !== 503) return undefined;
  const seconds = ((error as Error).cause as ApiRefusal).status.details?.retryAfterSeconds;
  return typeof seconds === 'number' && seconds >= 0 ? Math.min(seconds, 10) * 1000 : undefined;
}
