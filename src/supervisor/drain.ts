import { setTimeout as sleep } from 'node:timers/promises';
import type { Boot } from './boot.ts';
import { advance } from './lifecycle.ts';
import { listOwnProcesses } from './measures/proc.ts';
import { notifyTerminals } from './measures/terminals.ts';
import type { Log } from './output/log.ts';
import { endProgramsAndConnections } from './programs/end-connections.ts';

/** The part of the grace period that we keep for our own end, and for the connections' goodbye. */
const RESERVE_MS = 5000;

/** People see the notice at least this long before their shell goes. */
const NOTICE_MS = 1000;

const TINI_PID = 1;

/**
 * The orderly end: no new connections, unready, a notice on the terminals, a hang-up, and then as much of the grace
 * period as programs need to save their work: the container, and all that is in it, ends when this does. Each
 * connection ends after the programs that it started, or at the limit. Returns well before the grace period does.
 */
export async function drain(boot: Boot, log: Log, cause: string): Promise<void> {
  const { server, health, lifecycle, config, returning } = boot;
  if (lifecycle.state !== 'ready') return;
  const begunMs = performance.now();
  lifecycle.state = advance(lifecycle.state, 'asked-to-stop');
  log.info('server.draining', { reason: cause, sessions: server.sessions.length });
  server.stopAccepting();
  boot.stopGuard();
  returning?.announceEnd();
  notifyTerminals('This workspace is stopping now. Running programs are asked to end.');
  if (server.sessions.length > 0) await sleep(NOTICE_MS);
  const toLimitMs = () => Math.max(0, config.gracePeriodMs - RESERVE_MS - (performance.now() - begunMs));
  const kill = (pid: number, signal: string) => void process.kill(pid, signal);
  const nowMs = () => performance.now();
  const listProcesses = () => listOwnProcesses();
  const listConnections = () => server.sessions;
  const end = (tmuxPids: number[]) => {
    const protectedPids = () => [TINI_PID, process.pid, ...server.pids, ...tmuxPids];
    return endProgramsAndConnections(
      { listProcesses, listConnections, protectedPids, kill, sleep, nowMs },
      toLimitMs(),
    );
  };
  const programs = await (returning === undefined ? end([]) : returning.endPrograms(end));
  lifecycle.state = advance(lifecycle.state, 'drained');
  log.info('server.stopped', { sessions: server.sessions.length, programs });
  health.close();
}
