/** Looks at the workspace from time to time, for as long as the server runs. */
import { mkdirSync } from 'node:fs';
import { KEEP_DIRECTORY } from '../../contract/paths.ts';
import type { IdleMetrics } from '../measures/idle-metrics.ts';
import { notifyTerminals } from '../measures/terminals.ts';
import type { Log } from '../output/log.ts';
import { tryTo } from '../runtime/try-to.ts';
import { Ending, Farewell } from './farewell.ts';
import { Idleness } from './idleness.ts';
import { SnapshotReader } from './read-snapshot.ts';

/** The kernel rounds a terminal's times to eight seconds; and a look takes some milliseconds. */
const LOOK_MS = 15_000;

/** So many take a look 50 milliseconds. */
const MOST_PROCESSES = 4000;

/** Whoever asks while it is time to sleep gets a new look, but not more often. */
const FRESH_MS = 1000;

const PLACES = { proc: '/proc', terminals: '/dev/pts', leases: KEEP_DIRECTORY };

export interface IdleWatchOptions {
  ownPid: number;
  listConnections(): number[];
  /**
   * Otherwise nothing is said: a workspace that ends is not idle, and whoever wakes it meanwhile would lose it again.
   */
  isReady(): boolean;
  /** Undefined where nobody lets the workspace sleep. */
  stopAfterMs: number | undefined;
  /** Undefined where nobody stops it whatever works. */
  endAfterMs: number | undefined;
  metrics: IdleMetrics;
  log: Log;
}

export function watchIdleness(options: IdleWatchOptions, places = PLACES): void {
  const { ownPid, listConnections, isReady, stopAfterMs, endAfterMs, metrics, log } = options;
  const limitMs = stopAfterMs ?? Number.POSITIVE_INFINITY;
  const idleness = new Idleness(performance.now());
  const farewell = new Farewell(limitMs);
  const ending = endAfterMs === undefined ? undefined : new Ending(endAfterMs);
  // By this process's own clock, which starts with it: nobody's date can end it early.
  const leftMs = () => (endAfterMs === undefined ? undefined : Math.max(0, endAfterMs - performance.now()));
  const reader = new SnapshotReader({ ...places, ownPid, listConnections, mostProcesses: MOST_PROCESSES });
  let lookedAtMs = 0;
  let wasUnseen = false;
  const activity = () => idleness.activity(performance.now());
  const look = () => {
    if (!isReady()) return;
    lookedAtMs = performance.now();
    const seen = tryTo(() => reader.read(lookedAtMs));
    idleness.look(lookedAtMs, seen);
    const now = activity();
    const isUnseen = now.reason === 'unseen';
    if (isUnseen && !wasUnseen) log.warn('idle.unseen', { reason: 'not all can be seen, and that counts as work' });
    wasUnseen = isUnseen;
    const end = ending?.find(leftMs() ?? Number.POSITIVE_INFINITY);
    if (end !== undefined) log.info('end.told', { leftSeconds: Math.round((leftMs() ?? 0) / 1000) });
    const sleep = farewell.find(now);
    if (sleep !== undefined) log.info('idle.told', { idleSeconds: Math.round(now.idleMs / 1000) });
    const words = end ?? sleep;
    if (words === undefined) return;
    notifyTerminals(words, places.terminals);
    idleness.ignoreOutputOnce();
  };
  // So that a script needs no more than `touch`. Whoever runs `ws-keep --for` hears where that fails.
  tryTo(() => mkdirSync(places.leases, { recursive: true, mode: 0o700 }));
  look();
  setInterval(look, LOOK_MS).unref();
  metrics.observe(
    () => {
      if (!isReady()) return undefined;
      // Whoever has just taken or let go the workspace sees it at once. A whole look, with its rates, needs its time.
      idleness.lookAtLeases(performance.now(), reader.readLeases());
      // Somebody may have come since the last look, and what is said now ends the pod.
      const isDue = activity().idleMs >= limitMs;
      if (isDue && performance.now() - lookedAtMs > FRESH_MS) look();
      return activity();
    },
    { stopAfterMs, leftMs: () => (isReady() ? leftMs() : undefined) },
  );
}
