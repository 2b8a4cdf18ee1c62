/** What to do when Helm says that another operation is in progress: it is, or it was and somebody killed it. Pure. */
import type { ReleaseState } from '../../workspace/releases.ts';

/** An operation that began longer ago than this is not at work any more: `ws` never lets Helm wait for pods. */
export const STALE_AFTER_MS = 30_000;

export type Recovery =
  | { kind: 'wait' }
  /** The other operation is over: try again. */
  | { kind: 'retry' }
  /** Nothing was ever deployed; kept objects stay. */
  | { kind: 'uninstall' }
  | { kind: 'rollback'; revision: number };

/** Decides from a release's history, oldest first. */
export function planRecovery(history: ReleaseState[], nowMs: number): Recovery {
  const last = history.at(-1);
  if (last === undefined) return { kind: 'retry' };
  const working = last.status.startsWith('pending-') || last.status === 'uninstalling';
  if (!working) return { kind: 'retry' };
  // The time was written by the machine that ran Helm. One from the future says that the clocks differ: wait a little.
  const ageMs = Math.abs(nowMs - Date.parse(last.updatedAt));
  if (ageMs < STALE_AFTER_MS) return { kind: 'wait' };
  if (last.status === 'uninstalling' || last.status === 'pending-install') return { kind: 'uninstall' };
  const deployed = history.findLast(({ status }) => status === 'deployed' || status === 'superseded');
  return deployed === undefined ? { kind: 'uninstall' } : { kind: 'rollback', revision: deployed.revision };
}
