/** All loads at once, each begun again when it is done, so that whatever breaks meets all of them in flight. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Flight, LOADS, type Load } from './loads.ts';
import type { Scene } from './scene.ts';

/** A load that does not move for so long after the way is back counts as lost. */
const STANDSTILL_MS = 90_000;
/** All of a load, many times over. */
const LANDING_MS = 600_000;
const LOOK_MS = 50;
const PAUSE_MS = 1000;

interface Ship {
  load: Load;
  flight: Flight;
  lost: string[];
}

export interface Count {
  load: string;
  /** How often it was in flight when something broke. */
  times: number;
  lost: string[];
}

export class Fleet {
  readonly #scene: Scene;
  readonly #ships: Ship[];
  #isEnding = false;
  #times = 0;
  /** From the moment that all was back until the last load had moved, for each time. */
  readonly movedMs: number[] = [];

  constructor(scene: Scene, loads = LOADS) {
    this.#scene = scene;
    this.#ships = loads.map((load) => ({ load, flight: load.begin(scene), lost: [] }));
    for (const ship of this.#ships) this.#follow(ship);
  }

  #follow(ship: Ship): void {
    const { flight } = ship;
    void flight.verdict.then(async (fault) => {
      // One that never moved met a way that was gone already: that is a login which fails, and nothing is lost by it.
      if (fault !== undefined && flight.progress() > 0) ship.lost.push(`after ${this.#times} times: ${fault}`);
      if (fault !== undefined) await sleep(PAUSE_MS);
      if (this.#isEnding) return;
      ship.flight = ship.load.begin(this.#scene);
      this.#follow(ship);
    });
  }

  /** Breaks something while every load is moving, and waits until every load moves again. */
  async meet(fault: () => Promise<void>): Promise<void> {
    await this.#awaitMoves();
    this.#times += 1;
    await fault();
    const backMs = performance.now();
    await this.#awaitMoves();
    this.movedMs.push(performance.now() - backMs);
  }

  /** Every load goes on by itself, or has begun again and moves. */
  async #awaitMoves(): Promise<void> {
    await Promise.all(
      this.#ships.map(async (ship) => {
        const deadline = performance.now() + STANDSTILL_MS;
        let { flight } = ship;
        let before = flight.progress();
        while (flight.progress() <= before) {
          await sleep(LOOK_MS);
          if (performance.now() > deadline) return void ship.lost.push(`after ${this.#times} times: it stands still`);
          if (ship.flight === flight) continue;
          flight = ship.flight;
          before = 0;
        }
      }),
    );
  }

  /** Waits for the loads that are in flight, and begins no more. */
  async land(): Promise<Count[]> {
    this.#isEnding = true;
    await Promise.all(
      this.#ships.map(async ({ flight, lost }) => {
        const late = sleep(LANDING_MS, 'it does not end', { ref: false });
        if ((await Promise.race([flight.verdict, late])) === 'it does not end') lost.push('it does not end');
      }),
    );
    return this.#ships.map(({ load, lost }) => ({ load: load.name, times: this.#times, lost }));
  }
}
