import { tmpdir } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import type { Job } from '../../../../src/contract/jobs.ts';
import type { Activity } from '../../../../src/supervisor/idle/idleness.ts';
import { Metrics } from '../../../../src/supervisor/measures/metrics.ts';

const open = () =>
  new Metrics({
    version: '1.2.3',
    home: tmpdir(),
    cgroupRoot: '/nowhere',
    startedAtMs: Date.now() - 5000,
    restarts: 2,
  });

describe('the metrics', () => {
  it('F7C8-METRICS: follow what happens', async () => {
    const metrics = open();
    metrics.connectionAccepted();
    metrics.connectionRefused('too_many_unauthenticated');
    metrics.authenticationFailed('timeout');
    metrics.authenticationSucceeded();
    metrics.connectionEnded('disconnected');
    metrics.guardKilled();
    const text = await metrics.render();
    for (const line of [
      'ws_build_info{version="1.2.3"} 1',
      'ws_connections_total{result="accepted"} 1',
      'ws_connections_total{result="too_many_unauthenticated"} 1',
      'ws_connections_total{result="too_many_connections"} 0',
      'ws_connections_ended_total{reason="disconnected"} 1',
      'ws_auth_failures_total{reason="timeout"} 1',
      'ws_auth_successes_total 1',
      'ws_memory_guard_kills_total 1',
      'ws_container_restarts_total 2',
      'ws_connections 0',
      'ws_sessions 0',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).toMatch(/^ws_network_receive_bytes_total\{interface="lo"\} \d+$/m);
  });

  it('F7C8-METRICS: are there, too, while nobody is', async () => {
    const metrics = open();
    metrics.observePrograms(() => ({ sessions: 0, oldestStartMs: undefined, detached: 0 }));
    const rows = (await metrics.render()).split('\n');
    for (const name of ['programs', 'programs_oldest_start_time_seconds'])
      expect(rows).toContain(`ws_session_${name} 0`);
  });

  it('F7C8-METRICS: leave out what cannot be read instead of saying zero', async () => {
    expect(await open().render()).not.toMatch(
      /^ws_(memory_bytes|memory_limit_bytes|cpu_seconds_total|oom_kills_total) /m,
    );
  });

  it('F7C8-METRICS: are named as Prometheus asks', async () => {
    const rows = (await open().render()).split('\n');
    const kinds = rows.flatMap((row) => {
      const match = /^# TYPE (\S+) (\S+)$/.exec(row);
      return match === null ? [] : [{ name: match[1] ?? '', kind: match[2] ?? '' }];
    });
    expect(kinds.length).toBeGreaterThan(15);
    for (const { name, kind } of kinds) {
      expect(name).toMatch(/^ws_[a-z]+(_[a-z]+)*$/);
      expect(name.endsWith('_total'), `${name} is a ${kind}`).toBe(kind === 'counter');
      expect(rows.find((row) => row.startsWith(`# HELP ${name} `))).toMatch(/[a-z]\.$/);
    }
  });
});

const NO_LIMITS = { stopAfterMs: undefined, leftMs: () => undefined };

describe('whether something works', () => {
  const typed: Activity = { idleMs: 0, reason: 'typed', agent: undefined, heldForMs: 60_000 };

  it('is read once for all that a scrape says of it', async () => {
    const metrics = open();
    const read = vi.fn<() => Activity>(() => typed);
    metrics.idle.observe(read, { stopAfterMs: 120_000, leftMs: () => 3_599_001 });
    expect(toIdleRows(await metrics.render())).toEqual([
      'ws_idle_seconds 0',
      'ws_idle_stop_seconds 120',
      'ws_time_left_seconds 3600',
      'ws_held_seconds 60',
      'ws_busy_info{reason="typed",agent=""} 1',
    ]);
    expect(read).toHaveBeenCalledOnce();
  });

  it('is left out where it cannot be read, whatever the scrape before said', async () => {
    const metrics = open();
    const read = vi.fn<() => Activity | undefined>(() => typed);
    metrics.idle.observe(read, NO_LIMITS);
    expect(toIdleRows(await metrics.render())).toContain('ws_idle_seconds 0');
    read.mockImplementation(() => {
      throw new Error('EMFILE');
    });
    expect(toIdleRows(await metrics.render())).toEqual([]);
    read.mockReturnValue(undefined);
    expect(toIdleRows(await metrics.render())).toEqual([]);
  });

  const toIdleRows = (text: string) => text.split('\n').filter((row) => /^ws_(idle|time|held|busy)/.test(row));
});

describe('jobs', () => {
  const toJobRows = (text: string) => text.split('\n').filter((row) => /^ws_job/.test(row));

  it('are said with their ends, and those of the scrape before no more', async () => {
    const metrics = open();
    const list = vi.fn<() => Promise<Job[]>>(async () => [
      { session: 'a', state: 'running' },
      { session: 'b', state: 'exited', status: 3 },
    ]);
    metrics.jobs.observe(list);
    expect(toJobRows(await metrics.render())).toEqual([
      'ws_jobs 2',
      'ws_job_info{session="a",state="running",status=""} 1',
      'ws_job_info{session="b",state="exited",status="3"} 1',
    ]);
    list.mockResolvedValue([]);
    expect(toJobRows(await metrics.render())).toEqual(['ws_jobs 0']);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('EMFILE'))],
    ['never answers', () => new Promise<never>(() => undefined)],
  ])('are left out where tmux %s', async (_what, list) => {
    const metrics = open();
    metrics.jobs.observe(list);
    expect(toJobRows(await metrics.render())).toEqual([]);
  });
});

it('says for how long something holds the workspace, and nothing where nothing does', async () => {
  const metrics = new Metrics({ version: '1', home: '/', cgroupRoot: '/nonexistent', startedAtMs: 0, restarts: 0 });
  const show = async (heldForMs: number | undefined) => {
    metrics.idle.observe(() => ({ idleMs: 0, reason: 'typed', agent: undefined, heldForMs }), NO_LIMITS);
    return /^ws_held_seconds .*/m.exec(await metrics.render())?.[0];
  };
  expect(await show(7_199_500)).toBe('ws_held_seconds 7200');
  expect(await show(undefined)).toBeUndefined();
});
