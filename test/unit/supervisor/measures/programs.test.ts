import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProcessInfo } from '../../../../src/supervisor/measures/proc.ts';
import { countPrograms, readStartMs } from '../../../../src/supervisor/measures/programs.ts';

const process = (pid: number, parent: number): ProcessInfo => ({
  pid,
  parent,
  name: 'x',
  memoryBytes: 0,
  sharedBytes: 0,
  ignoresHangUp: false,
});

/** tini, the server, and a Dropbear for each connection. */
const ROOTS = [process(1, 0), process(7, 1), process(20, 7), process(30, 7)];

function count(...users: ProcessInfo[]) {
  const processes = [...ROOTS, ...users];
  const findStartMs = (pid: number) => (pid === 99 ? undefined : pid * 1000);
  return countPrograms({ processes, connectionPids: [20, 30], ownPids: [1, 7], findStartMs });
}

describe('what a restart would end', () => {
  it('is nothing where connections only wait or forward', () => {
    expect(count()).toEqual({ sessions: 0, oldestStartMs: undefined, detached: 0 });
  });

  it('is each shell and command of a connection, not what these have started', () => {
    const shell = process(40, 20);
    const command = process(41, 20);
    expect(count(shell, command, process(42, 40), process(43, 42))).toMatchObject({
      sessions: 2,
      oldestStartMs: 40_000,
    });
    expect(count(process(99, 30))).toEqual({ sessions: 1, oldestStartMs: undefined, detached: 0 });
  });

  it('is each program whose parent has gone, as tmux, once with all that runs in it', () => {
    const tmux = process(50, 1);
    expect(count(tmux, process(51, 50), process(52, 51), process(60, 7))).toMatchObject({ sessions: 0, detached: 2 });
  });

  it('is not known where no process can be seen', () => {
    const look = { processes: [], connectionPids: [20], ownPids: [1, 7], findStartMs: () => undefined };
    expect(countPrograms(look)).toBeUndefined();
  });
});

it('reads when a process began, whatever its name', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'ws-proc-'));
  mkdirSync(path.join(root, '40'));
  const fields = Array.from({ length: 19 }, (_, index) => `${index}`);
  writeFileSync(path.join(root, '40', 'stat'), `40 (a) b (c) S ${fields.slice(1).join(' ')} 12000 0 0\n`);
  writeFileSync(path.join(root, 'uptime'), '500.25 900.00\n');
  expect(readStartMs(40, 1_000_000, root)).toBe(1_000_000 - 380_250);
  expect(readStartMs(41, 1_000_000, root)).toBeUndefined();
  rmSync(root, { recursive: true });
});
