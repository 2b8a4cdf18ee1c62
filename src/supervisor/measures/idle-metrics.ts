import Gauge from 'prom-client/lib/gauge.js';
import type Registry from 'prom-client/lib/registry.js';
import {
  BUSY_AGENT_LABEL,
  BUSY_METRIC,
  BUSY_REASON_LABEL,
  HELD_METRIC,
  IDLE_METRIC,
  IDLE_STOP_METRIC,
  TIME_LEFT_METRIC,
} from '../../contract/metrics.ts';
import type { Activity } from '../idle/idleness.ts';
import { tryTo } from '../runtime/try-to.ts';

/** When others end the pod. */
export interface Limits {
  /** After so long without work. */
  stopAfterMs: number | undefined;
  /** How long it may still run, whatever works; undefined where that has no limit, and while it ends. */
  leftMs(): number | undefined;
}

/** Whether something works, and what. Nothing is said before the first look, and where that cannot be known. */
export class IdleMetrics {
  #read: () => Activity | undefined = () => undefined;
  #limits: Limits = { stopAfterMs: undefined, leftMs: () => undefined };
  /** At the moment of a scrape: all that it says of this is of one moment. */
  #activity: Activity | undefined;

  constructor(registry: Registry) {
    const registers = [registry];
    const gauge = (name: string, help: string, read: () => number | undefined) => {
      const own: Gauge = new Gauge({
        name,
        help,
        registers,
        collect() {
          const value = read();
          if (value === undefined) own.remove({});
          else own.set({}, value);
        },
      });
    };
    const toSeconds = (ms: number | undefined, round: (seconds: number) => number) =>
      ms === undefined ? undefined : round(ms / 1000);
    gauge(IDLE_METRIC, 'For how long nobody and nothing has worked; 0 as long as something does.', () =>
      toSeconds(this.#activity?.idleMs, Math.floor),
    );
    gauge(IDLE_STOP_METRIC, 'An idle workspace sleeps after so long; absent where nothing lets it.', () =>
      toSeconds(this.#limits.stopAfterMs, Math.round),
    );
    gauge(TIME_LEFT_METRIC, 'Until its time is over and it is stopped, whatever works; absent where it has none.', () =>
      toSeconds(this.#limits.leftMs(), Math.ceil),
    );
    gauge(
      HELD_METRIC,
      'For how long ws keep or a file still holds it; absent where none does, or ws-keep COMMAND does.',
      () => toSeconds(this.#activity?.heldForMs, Math.ceil),
    );
    const busy: Gauge = new Gauge({
      name: BUSY_METRIC,
      help: 'Always 1, and only there while something works, with the reason, and the agent if it is one.',
      labelNames: [BUSY_REASON_LABEL, BUSY_AGENT_LABEL],
      registers,
      collect: () => {
        busy.reset();
        const { reason, agent = '' } = this.#activity ?? {};
        if (reason !== undefined) busy.set({ [BUSY_REASON_LABEL]: reason, [BUSY_AGENT_LABEL]: agent }, 1);
      },
    });
  }

  /** `read` says nothing where nobody may take the workspace for idle. */
  observe(read: () => Activity | undefined, limits: Limits): void {
    this.#read = read;
    this.#limits = limits;
  }

  /** Looks once for the scrape that follows. */
  refresh(): void {
    this.#activity = tryTo(this.#read);
  }
}
