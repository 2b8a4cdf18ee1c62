import Gauge from 'prom-client/lib/gauge.js';
import type Registry from 'prom-client/lib/registry.js';
import {
  BUSY_AGENT_LABEL,
  BUSY_METRIC,
  BUSY_REASON_LABEL,
  HELD_METRIC,
  IDLE_METRIC,
  IDLE_STOP_METRIC,
} from '../../contract/metrics.ts';
import type { Activity } from '../idle/idleness.ts';
import { tryTo } from '../runtime/try-to.ts';

/** Whether something works, and what. Nothing is said before the first look, and where that cannot be known. */
export class IdleMetrics {
  #read: () => Activity | undefined = () => undefined;
  #stopAfterMs: number | undefined;
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
      toSeconds(this.#stopAfterMs, Math.round),
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
  observe(read: () => Activity | undefined, stopAfterMs: number | undefined): void {
    this.#read = read;
    this.#stopAfterMs = stopAfterMs;
  }

  /** Looks once for the scrape that follows. */
  refresh(): void {
    this.#activity = tryTo(this.#read);
  }
}
