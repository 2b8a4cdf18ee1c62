import { setTimeout as sleep } from 'node:timers/promises';
import type { Boot } from './boot.ts';
import { advance } from './lifecycle.ts';
import type { Log } from './log.ts';
import { listProcesses } from './proc.ts';
import { notifyTerminals } from './terminals.ts';

/** Kept back from the grace period for hanging up and ending. */
const RESERVE_MS = 5000;

/** People see the notice at least this long before their shell goes. */
const NOTICE_MS = 1000;

/**
 * The orderly end: no new connections, unready, a notice on the terminals, time for sessions to end by themselves as far
 * as the grace period allows when work is under way, then a hang-up. Returns when nothing is left, well before the limit.
 */
export async function drain(boot: Boot, log: Log, cause: string): Promise<void> {
  const { server, health, lifecycle, config } = boot;
  if (lifecycle.state !== 'ready') return;
  lifecycle.state = advance(lifecycle.state, 'asked-to-stop');
  log.info('server.draining', { reason: cause, sessions: server.sessions.length });
  server.stopAccepting();
  boot.stopGuard();
  notifyTerminals('This workspace is stopping now. Running programs are asked to end.');
  if (server.sessions.length > 0) await sleep(NOTICE_MS);
  hangUp();
  for (const session of server.sessions) session.terminate();
  const deadline = Date.now() + Math.max(0, config.gracePeriodMs - RESERVE_MS - NOTICE_MS);
  while (server.sessions.length > 0 && Date.now() < deadline) await sleep(50);
  lifecycle.state = advance(lifecycle.state, 'drained');
  log.info('server.stopped', { sessions: server.sessions.length });
  health.close();
}

/** SIGHUP, as a terminal that closes would send it, to every program of the user: shells save their history on it. */
function hangUp(): void {
  for (const { pid, name } of listProcesses()) {
    if (pid === 1 || pid === process.pid || name === 'dropbear') continue;
    try {
      process.kill(pid, 'SIGHUP');
    } catch {
      // Gone already.
    }
  }
}
