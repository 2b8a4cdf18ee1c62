/** What docs/operators-reference.md lists is served by a server that has just started, but for what it calls absent. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { END_REASONS, LOGIN_FAILURES } from '../../../../src/supervisor/dropbear/dropbear-log.ts';
import { Metrics } from '../../../../src/supervisor/measures/metrics.ts';

const reference = readFileSync(path.resolve(import.meta.dirname, '../../../../docs/operators-reference.md'), 'utf8');

/** Nobody has come yet, and nothing works. The control group has no limit of memory. */
async function renderFresh(): Promise<string[]> {
  const cgroupRoot = mkdtempSync(path.join(tmpdir(), 'cgroup-'));
  onTestFinished(() => rmSync(cgroupRoot, { recursive: true }));
  const files = { 'cgroup.controllers': '', 'cpu.stat': 'usage_usec 1', 'memory.current': '1', 'memory.max': 'max' };
  for (const [name, text] of Object.entries({ ...files, 'memory.events': 'oom_kill 0' }))
    writeFileSync(path.join(cgroupRoot, name), `${text}\n`);
  const metrics = new Metrics({ version: '1', home: tmpdir(), cgroupRoot, startedAtMs: Date.now(), restarts: 0 });
  metrics.observePrograms(() => ({ sessions: 0, oldestStartMs: undefined, detached: 0 }));
  metrics.observeAuthorizedKeys(() => Buffer.from(''));
  const quiet = { idleMs: 0, reason: undefined, agent: undefined, heldForMs: undefined };
  metrics.idle.observe(() => quiet, { stopAfterMs: undefined, leftMs: () => undefined });
  metrics.jobs.observe(async () => []);
  return (await metrics.render()).split('\n').filter((row) => row.startsWith('ws_'));
}

it('F7C8-METRICS: a fresh server serves each metric that the reference does not call absent', async () => {
  const served = new Set((await renderFresh()).map((row) => /^\w+/.exec(row)?.[0]));
  const table = [...reference.matchAll(/^\| (`ws_.*?) \| (?:gauge|counter) \| (.*) \|$/gm)];
  expect(table.length).toBeGreaterThan(25);
  const named = (rows: RegExpExecArray[]) => rows.flatMap(([, cell = '']) => cell.match(/ws_\w+/g) ?? []);
  const always = table.filter(([, , text = '']) => !/\babsent\b/.test(text));
  expect(named(always).filter((name) => !served.has(name))).toEqual([]);
  expect([...served].filter((name) => !named(table).includes(name ?? ''))).toEqual([]);
});

it('F7C8-METRICS: each reason is 0 before it first comes, so that Prometheus sees the first one, too', async () => {
  const rows = await renderFresh();
  for (const reason of END_REASONS) expect(rows).toContain(`ws_connections_ended_total{reason="${reason}"} 0`);
  for (const reason of LOGIN_FAILURES) expect(rows).toContain(`ws_auth_failures_total{reason="${reason}"} 0`);
});
