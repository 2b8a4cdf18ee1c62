import Gauge from 'prom-client/lib/gauge.js';
import type Registry from 'prom-client/lib/registry.js';
import {
  JOB_METRIC,
  JOB_SESSION_LABEL,
  JOB_STATE_LABEL,
  JOB_STATUS_LABEL,
  JOBS_METRIC,
} from '../../contract/metrics.ts';
import type { ListedJob } from './list-jobs.ts';

/** How long a scrape waits for tmux. */
const LIMIT_MS = 1000;

/** The jobs and how they ended. Nothing is said where tmux does not say it. */
export class JobMetrics {
  #list: () => Promise<ListedJob[] | undefined> = async () => undefined;
  /** At the moment of a scrape. */
  #jobs: ListedJob[] | undefined;

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

  observe(list: () => Promise<ListedJob[]>): void {
    this.#list = list;
  }

  /** Asks once for the scrape that follows. */
  async refresh(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), LIMIT_MS);
    });
    this.#jobs = await Promise.race([this.#list().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}
