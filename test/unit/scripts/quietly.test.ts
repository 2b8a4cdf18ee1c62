/** What the set-up shows while it works: its own words, and where the rest went. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const PATHS = path.resolve(import.meta.dirname, '../../cluster/paths.sh');
const NOISE = 'for i in $(seq 2000); do echo "go: downloading $i"; echo "debconf: $i" >&2; done';

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'ws-quietly-'));
});

afterEach(() => rmSync(cache, { recursive: true }));

function run(script: string) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `set -euo pipefail; . "$1"; ${script}`, 'test', PATHS], {
    env: { PATH: process.env.PATH, HOME: cache, XDG_CACHE_HOME: cache },
    encoding: 'utf8',
  });
  return { status, stdout, stderr: stderr.split('\n').filter((line) => line !== '') };
}

it('shows what a step says, names the log, and keeps the noise in it', () => {
  const log = path.join(cache, 'ws/logs/build.log');
  const { status, stdout, stderr } = run(
    `quietly build bash -c '. "$1"; say "Building (1 of 2)"; ${NOISE}; quietly part bash -c "echo inner"; say "Done"' inner "$1"`,
  );
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: '',
    stderr: [`  The details go to ${log}`, 'Building (1 of 2)', 'Done'],
  });
  const kept = readFileSync(log, 'utf8');
  expect(kept).toContain('go: downloading 2000\n');
  expect(kept).toContain('debconf: 2000\n');
  expect(kept).toContain('inner\n');
});

it('shows the end of what a step printed when it fails, and fails as it did', () => {
  const { status, stderr } = run(`quietly build bash -c '${NOISE}; echo "no space left" >&2; exit 7'`);
  expect(status).toBe(7);
  expect(stderr).toContain('no space left');
  expect(stderr.length).toBeLessThan(20);
  expect(stderr.at(-1)).toContain(path.join(cache, 'ws/logs/build.log'));
});

it.each(['', 'relative/folder'])('takes a cache folder of %j for none', (value) => {
  const { stdout } = run(
    `XDG_CACHE_HOME='${value}' XDG_STATE_HOME='${value}'; . "$1"; echo "$CACHE_HOME" "$STATE_HOME"`,
  );
  expect(stdout.trim()).toBe(`${cache}/.cache/ws ${cache}/.local/state/ws/clusters`);
});
