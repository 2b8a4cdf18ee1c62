/** Bytes to and from a port of a pod, and what may become of what carries them. */
import type { Duplex } from 'node:stream';
import type { WayTaken } from './ways/ways.ts';

/**
 * One that is resumable can be watched. It finds by itself what carries it again, and nobody need ask if it is alive.
 */
export type ByteStream = Duplex & { watch?(watcher: StreamWatcher): void };

/** Hears what becomes of a resumable stream. */
export interface StreamWatcher {
  /** Nothing has come since then. */
  lost(sinceMs: number): void;
  /** It goes on. */
  found(sinceMs: number): void;
}

/** Since when a person has seen nothing come, by the clock on this machine's wall: `no connection since 14:02:07`. */
export function describeLoss(sinceMs: number): string {
  return `no connection since ${new Date(sinceMs).toTimeString().slice(0, 8)}`;
}

export interface PodStreamOptions {
  namespace?: string;
  /**
   * Where the pod resumes streams to its SSH server, if it does: then a resumable one is opened there, and a plain one
   * at the port itself where nothing there speaks it.
   */
  resumePort?: number | undefined;
  /** How long it may take to open, credentials that have to be got first left out. Throws `CONNECTION_FAILED`. */
  openLimitMs?: number;
  /** The server at this port greets by itself: a stream in which nothing comes leads nowhere. */
  speaksFirst?: boolean;
  /** Begins with the first way, whatever is remembered. */
  probes?: boolean;
  /** Hears which way the stream takes, once that is known. */
  onWay?(taken: WayTaken): void;
  /** Called once the request is on its way: until it is answered there is time for something else. */
  onAsked?(): void;
}
