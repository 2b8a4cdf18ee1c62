import { hasCode, WorkspaceError } from '../../workspace/errors/errors.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { Clock, SshConnection } from '../../workspace/world.ts';
import { RetryPauses } from '../login/retry-pauses.ts';

/** Nobody wants a workspace started by accident, or trusted unseen. */
const FINAL = [
  'WORKSPACE_MISSING',
  'WORKSPACE_STOPPED',
  'HOST_KEY_CHANGED',
  'HOST_KEY_UNVERIFIED',
  'KEY_NOT_AUTHORIZED',
] as const;

export interface Keeping {
  connection: SshConnection;
  /** Makes a connection that takes over. */
  reconnect(): Promise<SshConnection>;
  tell(event: ProgressEvent): void;
}

/** Replaces each connection that is lost, until the signal fires. Throws what no further try would change. */
export async function keepConnected(
  { connection, reconnect, tell }: Keeping,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  for (let current: SshConnection | undefined = connection; current !== undefined; ) {
    const loss = await Promise.race([current.ended, aborted]);
    if (signal.aborted) return;
    const lostAtMs = clock.nowMs();
    const lost = { kind: 'connection-lost' as const, reason: toReason(loss ?? undefined) };
    tell({ type: 'noticed', level: 'warning', notice: lost });
    current = await tryToReconnect({ reconnect, tell }, clock, signal);
    if (signal.aborted) return;
    const restored = { kind: 'connection-restored' as const, afterMs: clock.nowMs() - lostAtMs };
    tell({ type: 'noticed', level: 'info', notice: restored });
  }
}

/** Undefined when the signal fires before it works. */
async function tryToReconnect(
  { reconnect, tell }: Omit<Keeping, 'connection'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<SshConnection | undefined> {
  const pauses = new RetryPauses();
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      return await reconnect();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (hasCode(error, ...FINAL)) throw error;
      const { message } = error as Error;
      tell({ type: 'advanced', step: 'connect', fact: { kind: 'reconnecting', attempt, reason: message } });
      await clock.sleep(pauses.next(error), signal).catch(() => undefined);
    }
  }
  return undefined;
}

function toReason(error: Error | undefined): string {
  if (error === undefined) return 'closed by the workspace';
  return (error instanceof WorkspaceError ? error.reason : undefined) ?? error.message;
}
