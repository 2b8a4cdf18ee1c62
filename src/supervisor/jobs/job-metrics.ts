import { setTimeout as sleep } from 'node:timers/promises';
import Gauge from 'prom-client/lib/gauge.js';
import type Registry from 'prom-client/lib/registry.js';
import type { Job } from '../../contract/jobs.ts';
import {
  JOB_METRIC,
  JOB_SESSION_LABEL,
  JOB_STATE_LABEL,
  JOB_STATUS_LABEL,
  JOBS_METRIC,
} from '../../contract/metrics.ts';

/** How long a scrape waits for tmux. */
const LIMIT_MS = 1000;

/** The jobs and how they ended. Nothing is said where tmux does not say it. */
export class JobMetrics {
  #list: () => Promise<Job[] | undefined> = async () => undefined;
  #asking: Promise<Job[] | undefined> | undefined;
  /** At the moment of a scrape. */
  #jobs: Job[] | undefined;

  constructor(registry: Registry) {
    const registers = [registry];
    const count: Gauge = new Gauge({
      name: JOBS_METRIC,
      help: 'Commands that were started in a tmux session that is still there.',
      registers,
      collect: () => {
        if (this.#jobs === undefined) count.remove({});
        else count.set({}, this.#jobs.length);
      },
    });
    const each: Gauge = new Gauge({
      name: JOB_METRIC,
      help: 'Always 1, for each of these, with its session, its state, and its exit status once it has ended.',
      labelNames: [JOB_SESSION_LABEL, JOB_STATE_LABEL, JOB_STATUS_LABEL],
      registers,
      collect: () => {
        each.reset();
        for (const job of this.#jobs ?? [])
          each.set(
            {
              [JOB_SESSION_LABEL]: job.session,
              [JOB_STATE_LABEL]: job.state,
              [JOB_STATUS_LABEL]: job.state === 'exited' ? String(job.status) : '',
            },
            1,
          );
      },
    });
  }

  observe(list: () => Promise<Job[]>): void {
    this.#list = list;
  }

  /** Asks once for the scrapes that follow while tmux has not answered. */
  async refresh(): Promise<void> {
    this.#asking ??= this.#list()
      .catch(() => undefined)
      .finally(() => {
        this.#asking = undefined;
      });
    this.#jobs = await Promise.race([this.#asking, sleep(LIMIT_MS, undefined, { ref: false })]);
  }
}
