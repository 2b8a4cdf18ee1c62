/** What both ends of a resumable stream do alike with what carries it. */
import type { Writable } from 'node:stream';
import type { Send } from './resumable-link.ts';

/**
 * What an end keeps for a resume, at most: a path that is fast and long has as much under way. The other end counts on
 * it, since no more than that can come before it has used something.
 */
export const MOST_KEPT_BYTES = 4 * 1024 * 1024;

/** Acknowledgements of little may wait this long, so that a few keys cost one of them. */
const ACK_DELAY_MS = 200;

/** For `LinkEnd.later`. */
export function actLater(act: () => void): void {
  setTimeout(act, ACK_DELAY_MS).unref();
}

/** Parts that are given together go out together. */
export function sendOver(carrier: Pick<Writable, 'cork' | 'write' | 'uncork'>): Send {
  return (parts) => {
    carrier.cork();
    for (const part of parts) carrier.write(part);
    carrier.uncork();
  };
}
