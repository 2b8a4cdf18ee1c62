import { createHash } from 'node:crypto';
import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
// The whole package also loads Node's HTTPS client, its compression and its profiler: 10 ms of the supervisor's start.
import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Registry from 'prom-client/lib/registry.js';
import {
  AUTHORIZED_KEYS_LABEL,
  AUTHORIZED_KEYS_METRIC,
  DETACHED_PROGRAMS_METRIC,
  HOME_SIZE_METRIC,
  HOME_USED_METRIC,
  OLDEST_SESSION_PROGRAM_METRIC,
  SESSION_PROGRAMS_METRIC,
  SESSIONS_METRIC,
} from '../../contract/metrics.ts';
import type { Session } from '../connections/session.ts';
import { END_REASONS, type EndReason, LOGIN_FAILURES, type LoginFailure } from '../dropbear/dropbear-log.ts';
import { JobMetrics } from '../jobs/job-metrics.ts';
import { SlowCall } from '../runtime/slow-call.ts';
import { tryTo } from '../runtime/try-to.ts';
import { readContainerUse } from './cgroup.ts';
import { IdleMetrics } from './idle-metrics.ts';
import { LossMetrics } from './loss-metrics.ts';
import { type InterfaceTraffic, readNetworkTraffic } from './network.ts';
import type { ProgramsInUse } from './programs.ts';

const PORT_FORWARDS =
  'What comes by kubectl port-forward comes over lo, which counts each byte once as received and once as sent.';

/** How long a scrape waits for the home volume. */
const HOME_LIMIT_MS = 300;

export interface MetricsOptions {
  version: string;
  home: string;
  cgroupRoot: string;
  startedAtMs: number;
  /** Starts of this container in this pod, without the first. */
  restarts: number;
}

/** The workspace's Prometheus metrics; gauges are read at the moment of a scrape. */
export class Metrics {
  readonly #registry = new Registry();
  readonly losses = new LossMetrics(this.#registry);
  readonly idle = new IdleMetrics(this.#registry);
  readonly jobs = new JobMetrics(this.#registry);
  readonly #connections = this.#counter(
    'ws_connections_total',
    'Connections by result: accepted, or why they were refused.',
    { result: ['accepted', 'too_many_connections', 'too_many_unauthenticated'] },
  );
  readonly #ended = this.#counter('ws_connections_ended_total', 'Ended connections by reason.', {
    reason: END_REASONS,
  });
  readonly #successes = this.#counter('ws_auth_successes_total', 'Logins.');
  readonly #failures = this.#counter(
    'ws_auth_failures_total',
    'Connections that did not become a login, and rejected logins, by reason.',
    { reason: LOGIN_FAILURES },
  );
  readonly #guardKills = this.#counter('ws_memory_guard_kills_total', 'Processes that the memory guard ended.');
  readonly #homeVolume: SlowCall<StatsFs>;
  #home: StatsFs | undefined;
  #sessions: () => Session[] = () => [];
  #authorizedKeys: (() => Buffer) | undefined;
  #programs: () => ProgramsInUse | undefined = () => undefined;
  /** At the moment of a scrape: to list all processes takes some milliseconds. */
  #inUse: ProgramsInUse | undefined;

  constructor(options: MetricsOptions) {
    this.#homeVolume = new SlowCall(() => statfs(options.home));
    const use = () => readContainerUse(options.cgroupRoot);
    this.#gauge('ws_build_info', 'Always 1; the version is a label.', () => 1, { version: options.version });
    this.#gauge('ws_start_time_seconds', 'When the server started, as Unix time.', () => options.startedAtMs / 1000);
    const uptimeSeconds = () => (Date.now() - options.startedAtMs) / 1000;
    this.#gauge('ws_uptime_seconds', 'Seconds since the server started.', uptimeSeconds);
    this.#readCounter('ws_container_restarts_total', 'Restarts of the container in this pod.', () => options.restarts);
    this.#gauge('ws_connections', 'Open connections, logged in or not.', () => this.#sessions().length);
    this.#gauge(
      SESSIONS_METRIC,
      'Open connections that are logged in.',
      () => this.#sessions().filter((session) => session.isAuthenticated).length,
    );
    this.#gauge(
      SESSION_PROGRAMS_METRIC,
      'Shells, commands and transfers that run for a connection.',
      () => this.#inUse?.sessions,
    );
    this.#gauge(
      OLDEST_SESSION_PROGRAM_METRIC,
      'When the oldest of these began, as Unix time; 0 while there are none.',
      () => (this.#inUse === undefined ? undefined : Math.round((this.#inUse.oldestStartMs ?? 0) / 1000)),
    );
    this.#gauge(
      DETACHED_PROGRAMS_METRIC,
      'Programs that run without a connection: one for each terminal of tmux, and others, as of nohup; not what these start, nor shells at their prompts.',
      () => this.#inUse?.detached,
    );
    this.#authorizedKeysGauge();
    this.#readCounter('ws_cpu_seconds_total', 'CPU time the container has used.', () => use().cpuSeconds);
    this.#gauge('ws_memory_bytes', 'Memory the container uses, without reclaimable cache.', () => use().memoryBytes);
    this.#gauge('ws_memory_limit_bytes', 'Memory limit of the container.', () => use().memoryLimitBytes);
    this.#readCounter(
      'ws_oom_kills_total',
      'Processes that the kernel killed for memory in this container.',
      () => use().oomKills,
    );
    this.#networkCounter(
      'ws_network_receive_bytes_total',
      `Bytes that the pod received, by interface. ${PORT_FORWARDS}`,
      ({ receivedBytes }) => receivedBytes,
    );
    this.#networkCounter(
      'ws_network_transmit_bytes_total',
      `Bytes that the pod sent, by interface. ${PORT_FORWARDS}`,
      ({ sentBytes }) => sentBytes,
    );
    this.#homeGauge(
      'ws_home_free_bytes',
      'Free bytes of the home volume, for the user.',
      ({ bavail, bsize }) => bavail * bsize,
    );
    this.#homeGauge(
      HOME_USED_METRIC,
      'Used bytes of the home volume.',
      ({ blocks, bfree, bsize }) => (blocks - bfree) * bsize,
    );
    this.#homeGauge(HOME_SIZE_METRIC, 'Size of the home volume.', ({ blocks, bsize }) => blocks * bsize);
  }

  observeSessions(list: () => Session[]): void {
    this.#sessions = list;
  }

  observePrograms(count: () => ProgramsInUse | undefined): void {
    this.#programs = count;
  }

  observeAuthorizedKeys(read: () => Buffer): void {
    this.#authorizedKeys = read;
  }

  connectionAccepted(): void {
    this.#connections.inc({ result: 'accepted' });
  }

  connectionRefused(result: string): void {
    this.#connections.inc({ result });
  }

  connectionEnded(reason: EndReason): void {
    this.#ended.inc({ reason });
  }

  authenticationSucceeded(): void {
    this.#successes.inc();
  }

  authenticationFailed(reason: LoginFailure): void {
    this.#failures.inc({ reason });
  }

  guardKilled(): void {
    this.#guardKills.inc();
  }

  /** The exposition text. A home volume that does not answer soon is shown as it was when it last did. */
  async render(): Promise<string> {
    [this.#home] = await Promise.all([this.#homeVolume.get(HOME_LIMIT_MS), this.jobs.refresh()]);
    this.#inUse = tryTo(this.#programs);
    this.idle.refresh();
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Each value of its label is there from the start: Prometheus misses the event with which a counter appears. */
  #counter(name: string, help: string, label: Record<string, readonly string[]> = {}): Counter {
    const counter: Counter = new Counter({ name, help, labelNames: Object.keys(label), registers: [this.#registry] });
    for (const [key, values] of Object.entries(label)) for (const value of values) counter.inc({ [key]: value }, 0);
    return counter;
  }

  /** The kernel counts; a scrape copies. What cannot be read is left out of the scrape. */
  #readCounter(name: string, help: string, read: () => number | undefined): void {
    this.#copyCounter(name, help, [], () => {
      const value = read();
      return value === undefined ? [] : [{ labels: {}, value }];
    });
  }

  #networkCounter(name: string, help: string, pick: (traffic: InterfaceTraffic) => number): void {
    this.#copyCounter(name, help, ['interface'], () =>
      readNetworkTraffic().map((traffic) => ({ labels: { interface: traffic.name }, value: pick(traffic) })),
    );
  }

  #copyCounter(
    name: string,
    help: string,
    labelNames: string[],
    read: () => { labels: Record<string, string>; value: number }[],
  ): void {
    const counter: Counter = new Counter({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        counter.reset();
        const rows = tryTo(read) ?? [];
        // Without labels a reset counter is one that stands at 0.
        if (rows.length === 0) counter.remove({});
        for (const { labels, value } of rows) counter.inc(labels, value);
      },
    });
  }

  #authorizedKeysGauge(): void {
    const gauge: Gauge = new Gauge({
      name: AUTHORIZED_KEYS_METRIC,
      help: 'Always 1; the label is the SHA-256 of the file with the authorized keys, as the next login finds it.',
      labelNames: [AUTHORIZED_KEYS_LABEL],
      registers: [this.#registry],
      collect: () => {
        gauge.reset();
        const text = tryTo(() => this.#authorizedKeys?.());
        if (text !== undefined)
          gauge.set({ [AUTHORIZED_KEYS_LABEL]: createHash('sha256').update(text).digest('hex') }, 1);
      },
    });
  }

  #homeGauge(name: string, help: string, pick: (volume: StatsFs) => number): void {
    this.#gauge(name, help, () => (this.#home === undefined ? undefined : pick(this.#home)));
  }

  /** A value of undefined, or a reading that fails, leaves the gauge out of the scrape. */
  #gauge(name: string, help: string, read: () => number | undefined, labels: Record<string, string> = {}): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: Object.keys(labels),
      registers: [this.#registry],
      collect() {
        gauge.reset();
        const value = tryTo(read);
        if (value === undefined) gauge.remove(labels);
        else gauge.set(labels, value);
      },
    });
  }
}
