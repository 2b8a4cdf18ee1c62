/**
 * Work as it looks from outside, replayed for the engine alone: a look each 15 seconds of the work's own time, computed
 * without waiting. A day takes some milliseconds.
 */
import { Idleness } from '../../../../src/supervisor/idle/idleness.ts';
import type { ConnectionUse, Snapshot, TerminalTimes } from '../../../../src/supervisor/idle/snapshot.ts';
import { Random } from '../../../random.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
const LOOK_MS = 15 * SECOND;

/** The kernel's counters, which a shape of work changes. */
export class Workspace {
  atMs = 0;
  networkBytes = 0;
  agents: string[] = [];
  readonly #sessions = new Map<string, number>();
  readonly #terminals = new Map<string, TerminalTimes>();
  readonly #connections = new Map<string, ConnectionUse>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** From `low` to `high`, another one each time. */
  between(low: number, high: number): number {
    return low + (high - low) * this.#random.fraction();
  }

  /** Whether something happens in this look that happens so often in an hour, at any time. */
  chance(perHour: number): boolean {
    return this.#random.fraction() < (perHour * LOOK_MS) / HOUR;
  }

  /** A session uses this share of a core during the look. */
  compute(session: string, share: number): void {
    this.#sessions.set(session, (this.#sessions.get(session) ?? 0) + share * LOOK_MS);
  }

  /** A session ends: what it used is nobody's any more. */
  end(session: string): void {
    this.#sessions.delete(session);
  }

  type(terminal: string): void {
    this.#touch(terminal, { readAtMs: this.atMs, writtenAtMs: this.atMs });
  }

  print(terminal: string, isMirror = false): void {
    this.#touch(terminal, { writtenAtMs: this.atMs, isMirror });
  }

  open(terminal: string, isMirror = false): void {
    this.#touch(terminal, { isMirror });
  }

  transfer(connection: string, bytesPerSecond: number, hasTerminal = false): void {
    const { bytes = 0, commands = '' } = this.#connections.get(connection) ?? {};
    this.#connections.set(connection, {
      bytes: bytes + (bytesPerSecond * LOOK_MS) / SECOND,
      commands: commands === '' && hasTerminal ? 'shell' : commands,
      hasTerminal,
    });
  }

  /** A connection runs a command. */
  run(connection: string): void {
    const { bytes = 0, hasTerminal = false } = this.#connections.get(connection) ?? {};
    this.#connections.set(connection, { bytes: bytes + 2000, commands: String(this.atMs), hasTerminal });
  }

  network(bytesPerSecond: number): void {
    this.networkBytes += (bytesPerSecond * LOOK_MS) / SECOND;
  }

  look(): Snapshot {
    return {
      atMs: this.atMs,
      sessions: new Map(this.#sessions),
      terminals: new Map(this.#terminals),
      connections: new Map(this.#connections),
      networkBytes: this.networkBytes,
      agents: this.agents,
      leases: [],
    };
  }

  #touch(terminal: string, change: Partial<TerminalTimes>): void {
    const before = this.#terminals.get(terminal) ?? {
      readAtMs: this.atMs,
      writtenAtMs: this.atMs,
      isMirror: false,
      leader: undefined,
    };
    // As the kernel: only every eight seconds.
    const toEight = (ms: number | undefined, otherwise: number) =>
      ms === undefined ? otherwise : Math.floor(ms / 8000) * 8000;
    this.#terminals.set(terminal, {
      readAtMs: toEight(change.readAtMs, before.readAtMs),
      writtenAtMs: toEight(change.writtenAtMs, before.writtenAtMs),
      isMirror: change.isMirror ?? before.isMirror,
      leader: before.leader,
    });
  }
}

export interface Shape {
  name: string;
  /** From the start to `worksMs`, a stop would end work. */
  worksMs: number;
  /** From the end of the work on, how long it holds besides: the limit of what cannot be told from work. */
  holdsMs: number;
  /** What happens during the look, which ends `at` milliseconds after the start. */
  step(workspace: Workspace, atMs: number): void;
}

export interface Replayed {
  /** A stop while there was work: after so many milliseconds. */
  falseAtMs: number | undefined;
  /** The stop came, at most ten minutes after it was due. */
  hasStopped: boolean;
}

const SLACK_MS = 10 * MINUTE;

export function replay({ worksMs, holdsMs, step }: Shape, stopAfterMs: number, seed: number): Replayed {
  const workspace = new Workspace(new Random(seed));
  const idleness = new Idleness(0);
  idleness.look(0, workspace.look());
  const endMs = worksMs + holdsMs + stopAfterMs + SLACK_MS;
  for (let atMs = LOOK_MS; atMs <= endMs; atMs += LOOK_MS) {
    workspace.atMs = atMs;
    addNoise(workspace, atMs);
    step(workspace, atMs);
    idleness.look(atMs, workspace.look());
    if (idleness.activity(atMs).idleMs < stopAfterMs) continue;
    const isFalse = atMs < worksMs;
    return { falseAtMs: isFalse ? atMs : undefined, hasStopped: !isFalse };
  }
  return { falseAtMs: undefined, hasStopped: false };
}

/** What every workspace does that nobody uses: tmux's server and clock, scrapes, a connection that says it is alive. */
function addNoise(workspace: Workspace, atMs: number): void {
  workspace.compute('tmux', workspace.between(0, 0.004));
  if (atMs % MINUTE === 0) workspace.print('client', true);
  else workspace.open('client', true);
  workspace.transfer('left-open', workspace.between(3, 30), true);
  workspace.network(workspace.between(200, 1500));
}
