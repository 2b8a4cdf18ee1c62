import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { chooseNext, type Guest } from './admission.ts';

/**
 * After a start, the server accepts newcomers for this many times as long as the start took. After the start of a
 * silent client, other silent ones wait as long.
 */
const PAUSE_SHARE = 4;

/** While so few wait, it does not matter who is first. */
const FEW = 4;

/** The shortest time between two looks at who has said something: a look costs a tenth of a start. */
const LOOK_EVERY_MS = 20;

/** How often the queue looks whether somebody's time has come. */
const TICK_MS = 5;

/** One who is accepted and not served yet. */
export interface Waiting extends Guest {
  readonly isLeaving: boolean;
  /** Starts the process that serves it, which takes milliseconds. */
  start(): void;
}

export interface QueueClock {
  nowMs(): number;
  /** Ends when whatever else there is to do has had its turn. */
  turn(): Promise<unknown>;
  sleep(ms: number): Promise<unknown>;
}

const CLOCK: QueueClock = { nowMs: () => performance.now(), turn: () => nextTurn(), sleep: (ms) => sleep(ms) };

/**
 * Starts what serves connections, one after the other. All who come are accepted first: whoever is still at the door
 * cannot be compared with the others. If many wait, a client that has said something goes before the silent ones,
 * because a login begins with that. The silent ones get a part of the time only, and logins get the rest of the
 * machine.
 */
export class StartQueue<Visitor extends Waiting> {
  readonly #findSilent: (visitors: Visitor[]) => Promise<ReadonlySet<Visitor>>;
  readonly #clock: QueueClock;
  #waiting: Visitor[] = [];
  #isRunning = false;
  /** Whether anybody came since the last turn. */
  #hasNewcomer = false;
  #acceptUntilMs = 0;
  #silentFromMs = 0;
  /** Whoever was seen by the last look, and who of them was silent. */
  #seen = new Set<Visitor>();
  #silent: ReadonlySet<Visitor> = new Set();
  #lookFromMs = 0;

  constructor(findSilent: (visitors: Visitor[]) => Promise<ReadonlySet<Visitor>>, clock = CLOCK) {
    this.#findSilent = findSilent;
    this.#clock = clock;
  }

  add(visitor: Visitor): void {
    this.#hasNewcomer = true;
    this.#waiting.push(visitor);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      await this.#clock.turn();
      const mustAccept = this.#hasNewcomer && this.#clock.nowMs() < this.#acceptUntilMs;
      this.#hasNewcomer = false;
      // A turn brings one newcomer at most.
      if (mustAccept) continue;
      const next = await this.#choose();
      if (next !== undefined) this.#start(next);
      else if (this.#waiting.length > 0) await this.#clock.sleep(TICK_MS);
    }
    this.#isRunning = false;
  }

  async #choose(): Promise<Visitor | undefined> {
    this.#waiting = this.#waiting.filter(({ isLeaving }) => !isLeaving);
    if (this.#waiting.length <= FEW) return chooseNext(this.#waiting, this.#silent);
    if (this.#clock.nowMs() >= this.#lookFromMs) await this.#look();
    const due = this.#findDue();
    // Nothing else is to be done: whoever came after the last look need not wait for the next one.
    if (due !== undefined || this.#waiting.every((visitor) => this.#seen.has(visitor))) return due;
    await this.#look();
    return this.#findDue();
  }

  #findDue(): Visitor | undefined {
    const isSilentDue = this.#clock.nowMs() >= this.#silentFromMs;
    const isDue = (visitor: Visitor) => isSilentDue || !this.#silent.has(visitor);
    const due = this.#waiting.filter((visitor) => !visitor.isLeaving && this.#seen.has(visitor) && isDue(visitor));
    return chooseNext(due, this.#silent);
  }

  async #look(): Promise<void> {
    const asked = [...this.#waiting];
    const begunMs = this.#clock.nowMs();
    this.#silent = await this.#findSilent(asked);
    this.#seen = new Set(asked);
    const endMs = this.#clock.nowMs();
    this.#lookFromMs = endMs + Math.max(LOOK_EVERY_MS, PAUSE_SHARE * (endMs - begunMs));
  }

  #start(next: Visitor): void {
    this.#waiting = this.#waiting.filter((visitor) => visitor !== next);
    const begunMs = this.#clock.nowMs();
    next.start();
    const endMs = this.#clock.nowMs();
    const pauseMs = PAUSE_SHARE * (endMs - begunMs);
    this.#acceptUntilMs = endMs + pauseMs;
    if (this.#silent.has(next)) this.#silentFromMs = endMs + pauseMs;
  }
}
