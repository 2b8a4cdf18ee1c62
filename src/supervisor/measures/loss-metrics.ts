import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import type Registry from 'prom-client/lib/registry.js';

/** What becomes of connections whose carriers are lost. */
export class LossMetrics {
  readonly #losses: Counter;
  readonly #resumes: Counter;
  #countLost: () => number = () => 0;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#losses = new Counter({
      name: 'ws_connection_losses_total',
      help: 'Losses of what carries a connection that can be resumed.',
      labelNames: [],
      registers,
    });
    this.#resumes = new Counter({
      name: 'ws_connection_resumes_total',
      help: 'Clients that came back for a connection, by result: resumed or unknown.',
      labelNames: ['result'],
      registers,
    });
    for (const result of ['resumed', 'unknown']) this.#resumes.inc({ result }, 0);
    const count = () => this.#countLost();
    const gauge: Gauge = new Gauge({
      name: 'ws_connections_lost',
      help: 'Open connections that wait for their clients to come back.',
      labelNames: [],
      registers,
      collect: () => gauge.set({}, count()),
    });
  }

  observe(countLost: () => number): void {
    this.#countLost = countLost;
  }

  lost(): void {
    this.#losses.inc();
  }

  cameBack(result: 'resumed' | 'unknown'): void {
    this.#resumes.inc({ result });
  }
}
