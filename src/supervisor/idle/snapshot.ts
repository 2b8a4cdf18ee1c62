/** What one look at the workspace finds: counters as the kernel has them, which say nothing yet. */
import type { Lease } from './leases.ts';

export interface Snapshot {
  /** By a clock that never jumps. */
  atMs: number;
  /** CPU time so far by session (setsid), with that of ended children; undefined where it cannot be seen. */
  sessions: ReadonlyMap<string, number> | undefined;
  /** By name, as in /dev/pts; undefined where they cannot be seen. */
  terminals: ReadonlyMap<string, TerminalTimes> | undefined;
  /** By the process that serves each. */
  connections: ReadonlyMap<string, ConnectionUse>;
  /** Received and sent so far, without what stays in the pod; undefined where it cannot be seen. */
  networkBytes: number | undefined;
  /** The agents that live, by their names in the table. */
  agents: readonly string[];
  leases: readonly Lease[];
}

export interface TerminalTimes {
  /** When a program last read what was typed, and wrote. The kernel rounds to eight seconds: only compare them. */
  readAtMs: number;
  writtenAtMs: number;
  /** It shows what another terminal has, as a client of tmux does, which also writes the time of day. */
  isMirror: boolean;
  /** Another text once another program leads it: its first one has become another, or another has its name. */
  leader: string | undefined;
}

export interface ConnectionUse {
  /** Relayed so far; undefined where the kernel does not say. */
  bytes: number | undefined;
  /** Another text once a command has begun or ended. Empty while there was none. */
  commands: string;
  /** A program on a terminal runs for it, whose output is part of the bytes. */
  hasTerminal: boolean;
}
