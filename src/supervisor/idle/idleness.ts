/**
 * Whether somebody or something works, from looks at the workspace: without input or output, so that days of work can
 * be replayed in a second.
 */
import { BUSY_REASONS, type BusyReason } from '../../contract/metrics.ts';
import type { Lease } from './leases.ts';
import { Rates } from './rates.ts';
import type { ConnectionUse, Snapshot, TerminalTimes } from './snapshot.ts';

/** Of one core. Servers that wait for requests, editors and agents at their prompts take less. */
const CPU_FLOOR_MS_PER_SECOND = 50;

/** An editor that nobody uses says it is alive with less. */
const CONNECTION_FLOOR_BYTES_PER_SECOND = 1024;

/** Probes, scrapes and strangers at the door take less. */
const NETWORK_FLOOR_BYTES_PER_SECOND = 16 * 1024;

/** What is printed holds for so long after the last sign of a person: a clock or a log may print for ever. */
export const OUTPUT_LIMIT_MS = 4 * 3_600_000;

/** A live agent holds for so long after the last sign of work: it may think, or wait for an answer, without a sign. */
export const AGENT_LIMIT_MS = 6 * 3_600_000;

export interface Activity {
  /** 0 as long as something works. */
  idleMs: number;
  /** What works; undefined when nothing does. */
  reason: BusyReason | undefined;
  /** Where the reason is an agent: which. */
  agent: string | undefined;
  /** For how long leases with a time still hold it, whatever else does; undefined where none of them does. */
  heldForMs: number | undefined;
}

export class Idleness {
  readonly #cpu = new Rates(CPU_FLOOR_MS_PER_SECOND);
  readonly #transfers = new Rates(CONNECTION_FLOOR_BYTES_PER_SECOND);
  readonly #network = new Rates(NETWORK_FLOOR_BYTES_PER_SECOND);
  /** What was last seen. What a look cannot see stays, so that it is nothing new once it is seen again. */
  #terminals: Snapshot['terminals'];
  #connections: Snapshot['connections'] | undefined;
  #agents: Snapshot['agents'] = [];
  #found = new Set<BusyReason>();
  #isOwnOutput = false;
  /** The leases that are there, and when each was first seen. */
  #leases = new Map<string, number>();
  #heldUntilMs: number | undefined;
  #busyAtMs: number;
  /** The last sign of a person, and of work that needs no person. A start is one: whoever started it wants it. */
  #personAtMs: number;
  #workAtMs: number;

  constructor(startedAtMs: number) {
    this.#busyAtMs = startedAtMs;
    this.#personAtMs = startedAtMs;
    this.#workAtMs = startedAtMs;
  }

  /** What the next look finds printed, we have printed ourselves. */
  ignoreOutputOnce(): void {
    this.#isOwnOutput = true;
  }

  /** What cannot be seen counts as work: `undefined` is a look that has failed. */
  look(atMs: number, snapshot: Snapshot | undefined): void {
    this.#found = snapshot === undefined ? new Set<BusyReason>(['unseen']) : this.#compare(snapshot);
    if (this.#found.size > 0) this.#busyAtMs = atMs;
  }

  /** At the leases alone, which somebody may just have taken or let go: no rate depends on how often this is done. */
  lookAtLeases(atMs: number, leases: readonly Lease[]): void {
    this.#found.delete('lease');
    if (!this.#isHeld(atMs, leases)) return;
    this.#found.add('lease');
    this.#busyAtMs = atMs;
  }

  activity(atMs: number): Activity {
    const reason = BUSY_REASONS.find((known) => this.#found.has(known));
    return {
      idleMs: reason === undefined ? Math.max(0, atMs - this.#busyAtMs) : 0,
      reason,
      agent: reason === 'agent' ? this.#agents[0] : undefined,
      heldForMs: this.#heldUntilMs === undefined ? undefined : Math.max(0, this.#heldUntilMs - atMs),
    };
  }

  #compare(snapshot: Snapshot): Set<BusyReason> {
    const { atMs, sessions, terminals, connections, networkBytes, agents, leases } = snapshot;
    // Without the processes there are no connections to see either.
    const isBlind = sessions === undefined;
    const hasTyped = hasChanged(this.#terminals, terminals, hasRead);
    const hasShown = hasChanged(this.#terminals, terminals, hasPrinted) && !this.#isOwnOutput;
    const hasBegun = !isBlind && hasChanged(this.#connections, connections, hasRun);
    const moving = isBlind ? [] : this.#transfers.look(atMs, toBytes(connections));
    const transfers = moving.map((key) => connections.get(key));
    if (terminals !== undefined) {
      this.#terminals = terminals;
      this.#isOwnOutput = false;
    }
    if (!isBlind) this.#connections = connections;
    this.#agents = agents;
    const found = new Set<BusyReason>();
    if (hasTyped) found.add('typed');
    if (hasBegun) found.add('command');
    if (transfers.some((connection) => connection?.hasTerminal === false)) found.add('transfer');
    if (found.size > 0) this.#personAtMs = atMs;
    if (!isBlind && this.#cpu.look(atMs, sessions).length > 0) found.add('computes');
    if (this.#network.look(atMs, new Map([['', networkBytes]])).length > 0) found.add('network');
    if (found.size > 0) this.#workAtMs = atMs;
    const isUnmeasured = [...connections.values()].some(({ bytes }) => bytes === undefined);
    if (isBlind || terminals === undefined || networkBytes === undefined || isUnmeasured) found.add('unseen');
    if (atMs - this.#personAtMs < OUTPUT_LIMIT_MS) {
      // Of what such a connection carries we cannot tell what a terminal has printed.
      if (transfers.some((connection) => connection?.hasTerminal === true)) found.add('transfer');
      if (hasShown) found.add('output');
    }
    if (this.#isHeld(atMs, leases)) found.add('lease');
    if (agents.length > 0 && atMs - this.#workAtMs < AGENT_LIMIT_MS) found.add('agent');
    return found;
  }

  #isHeld(atMs: number, leases: readonly Lease[]): boolean {
    const known = leases.map((lease) => ({ ...lease, seenAtMs: this.#leases.get(lease.key) ?? atMs }));
    this.#leases = new Map(known.map(({ key, seenAtMs }) => [key, seenAtMs]));
    const held = known
      .map(({ seenAtMs, lastsMs, isProgram }) => ({ endMs: seenAtMs + lastsMs, isProgram }))
      .filter(({ endMs }) => endMs > atMs);
    const timed = held.filter(({ isProgram }) => !isProgram).map(({ endMs }) => endMs);
    this.#heldUntilMs = timed.length > 0 ? Math.max(...timed) : undefined;
    return held.length > 0;
  }
}

/**
 * A terminal that is new was not typed on yet, whoever had its name before. And what a program reads at its start it
 * reads by itself, as the shell that takes the place of a job.
 */
function hasRead(was: TerminalTimes | undefined, is: TerminalTimes): boolean {
  return was !== undefined && is.leader === was.leader && is.readAtMs !== was.readAtMs;
}

function hasPrinted(was: TerminalTimes | undefined, is: TerminalTimes): boolean {
  return !is.isMirror && is.writtenAtMs !== was?.writtenAtMs;
}

/** Whether a command has begun or ended. */
function hasRun(was: ConnectionUse | undefined, is: ConnectionUse): boolean {
  return is.commands !== (was?.commands ?? '');
}

/** Whether one of those that are there now has changed. Nobody knows where none were seen before. */
function hasChanged<Value>(
  before: ReadonlyMap<string, Value> | undefined,
  now: ReadonlyMap<string, Value> | undefined,
  isChange: (was: Value | undefined, is: Value) => boolean,
): boolean {
  return before !== undefined && [...(now ?? [])].some(([key, is]) => isChange(before.get(key), is));
}

function toBytes(connections: ReadonlyMap<string, ConnectionUse>): Map<string, number | undefined> {
  return new Map([...connections].map(([key, { bytes }]) => [key, bytes]));
}
