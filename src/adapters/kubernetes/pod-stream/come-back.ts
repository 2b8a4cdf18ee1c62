import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hello, Refusal } from '../../../contract/resume/hello.ts';
import { hasCode, WorkspaceError } from '../../../workspace/errors/errors.ts';
import { type Handshake, shakeHands } from './shake-hands.ts';

/** Between two tries, growing from the first to the last: what comes back is used within seconds. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1500;
const PAUSE_GROWTH = 1.7;

/** After a try that failed for another reason than the way: a credential plugin may start a program for each. */
const OTHER_PAUSE_MS = 15_000;

/** How long a try may take, in turn: a slow network needs more time. */
const OPEN_LIMITS_MS = [4000, 4000, 20_000];

/**
 * How much of that the TCP connection may take. A first packet that was sent while there was no network is repeated
 * after 1, 3, 7 and 15 seconds, so a new try finds a way that is back much sooner.
 */
const CONNECT_LIMIT_MS = 3000;

/** While tries fail, so often is it asked whether the pod is there at all. */
const ASK_EVERY_MS = 5000;

/** The supervisor may notice a loss this much later, and keeps the session so much longer. */
const LATE_NOTICE_MS = 60_000;

export interface Limits {
  openLimitMs: number;
  connectLimitMs: number;
  distrustsKept: boolean;
}

export interface Carriers {
  open(signal: AbortSignal, limits: Limits): Promise<Duplex>;
  /** Why the pod will never serve again; undefined while it may. */
  findEnd(signal: AbortSignal): Promise<string | undefined>;
}

/** Why nobody comes back. */
export interface Loss {
  reason: string;
  event: 'refused' | 'expired';
}

export interface Comeback {
  toHello(): Hello;
  lostAtMs: number;
  keptSeconds: number;
}

const REFUSALS: Record<Refusal, string> = {
  unknown: 'the workspace does not know it any more: its server restarted, or ended what waited too long',
  full: 'the workspace takes no more connections',
};

/** Tries until a carrier leads to the supervisor again, or none ever will. Throws when the signal fires. */
export async function comeBack(
  carriers: Carriers,
  { toHello, lostAtMs, keptSeconds }: Comeback,
  signal: AbortSignal,
): Promise<Loss | (Handshake & { carrier: Duplex })> {
  const endMs = lostAtMs + keptSeconds * 1000 + LATE_NOTICE_MS;
  let pauseMs = FIRST_PAUSE_MS;
  let askedMs: number | undefined;
  for (let attempt = 0; Date.now() < endMs; attempt += 1) {
    const triedMs = Date.now();
    const opened = await open(carriers, signal, OPEN_LIMITS_MS[attempt % OPEN_LIMITS_MS.length] ?? 0);
    if (!(opened instanceof Error)) {
      const heard = await shakeHands(opened, toHello(), signal);
      if (!('fault' in heard) && heard.answer.kind === 'welcome') return { ...heard, carrier: opened };
      opened.destroy();
      if (!('fault' in heard) && heard.answer.kind === 'refused')
        return { reason: REFUSALS[heard.answer.reason], event: 'refused' };
    }
    signal.throwIfAborted();
    // A pod that was deleted is gone when the first try fails; of others nobody says so. Who is not there says nothing.
    const isNobodyThere = opened instanceof Error && hasCode(opened, 'CLUSTER_UNREACHABLE');
    if (!isNobodyThere && (askedMs === undefined || Date.now() - askedMs > ASK_EVERY_MS)) {
      askedMs = Date.now();
      const end = await carriers.findEnd(signal).catch(() => undefined);
      if (end !== undefined) return { reason: end, event: 'refused' };
    }
    const isOther =
      opened instanceof Error && !hasCode(opened, 'CONNECTION_FAILED', 'CONNECTION_LOST', 'CLUSTER_UNREACHABLE');
    // A try that took long was a pause itself.
    const waitMs = isOther ? OTHER_PAUSE_MS : Math.max(FIRST_PAUSE_MS, pauseMs - (Date.now() - triedMs));
    await sleep(waitMs * (0.8 + 0.4 * Math.random()), undefined, { signal });
    pauseMs = Math.min(pauseMs * PAUSE_GROWTH, LONGEST_PAUSE_MS);
  }
  return { reason: `no way led there for the ${keptSeconds} s that the workspace keeps a session`, event: 'expired' };
}

async function open(carriers: Carriers, signal: AbortSignal, limitMs: number): Promise<Duplex | WorkspaceError> {
  try {
    // What ended the carrier may have ended each connection beside it, and told nobody.
    return await carriers.open(signal, {
      openLimitMs: limitMs,
      connectLimitMs: CONNECT_LIMIT_MS,
      distrustsKept: true,
    });
  } catch (error) {
    signal.throwIfAborted();
    // Anything that is no trouble of the way is a bug, and no try mends it.
    if (!(error instanceof WorkspaceError)) throw error;
    return error;
  }
}
