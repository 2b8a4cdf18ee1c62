import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
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
