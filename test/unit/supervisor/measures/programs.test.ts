import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProcessInfo } from '../../../../src/supervisor/measures/proc.ts';
import {
  countPrograms,
  leadsTerminal,
  readStartMs,
  sharesSession,
} from '../../../../src/supervisor/measures/programs.ts';

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
  return countWithTerminals([], ...users);
}

/** Of these, some lead a terminal. */
function countWithTerminals(leaders: number[], ...users: ProcessInfo[]) {
  return countWithShells(leaders, [], ...users);
}

/** Of these, some have their terminals to themselves. */
function countWithShells(leaders: number[], shells: number[], ...users: ProcessInfo[]) {
  return countAll({ leaders, shells }, ...users);
}

interface Given {
  leaders?: number[];
  shells?: number[];
  /** Shells before their first prompt, each with what it has started. */
  starting?: Record<number, number[]>;
  /** What the server has started for itself. */
  servers?: number[];
}

function countAll({ leaders = [], shells = [], starting = {}, servers = [] }: Given, ...users: ProcessInfo[]) {
  const processes = [...ROOTS, ...users];
  const findStartMs = (pid: number) => (pid === 99 ? undefined : pid * 1000);
  return countPrograms({
    processes,
    connectionPids: [20, 30],
    ownPids: [1, 7],
    findStartMs,
    isServers: (pid) => servers.includes(pid),
    leadsTerminal: (pid) => leaders.includes(pid),
    waitsAtPrompt: (pid) => shells.includes(pid),
    isStarting: (pid, below) => starting[pid]?.join() === below.join(),
  });
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

  it('is each program whose parent has gone, once with all that it has started', () => {
    const job = process(50, 1);
    expect(count(job, process(51, 50), process(52, 51), process(60, 7))).toMatchObject({ sessions: 0, detached: 2 });
  });

  it('is what each terminal of tmux runs, not its server, nor what runs in a terminal', () => {
    const tmux = process(50, 1);
    const panes = [51, 52, 53].map((pid) => process(pid, 50));
    // In one of them, script has opened a terminal of its own.
    const below = [process(54, 51), process(55, 54)];
    expect(countWithTerminals([51, 52, 53, 55], tmux, ...panes, ...below, process(60, 1))).toMatchObject({
      detached: 4,
    });
  });

  it('is no shell that waits at its prompt in tmux, unless it has started something', () => {
    const panes = [51, 52, 53].map((pid) => process(pid, 50));
    const tmux = [process(50, 1), ...panes];
    const leaders = [51, 52, 53];
    expect(countWithShells(leaders, leaders, ...tmux)).toMatchObject({ detached: 0 });
    expect(countWithShells(leaders, leaders, ...tmux, process(54, 52))).toMatchObject({ detached: 1 });
    expect(countWithShells(leaders, [51, 52], ...tmux)).toMatchObject({ detached: 1 });
    // One that a connection has is somebody's session.
    expect(countWithShells([40], [40], process(40, 20))).toMatchObject({ sessions: 1, detached: 0 });
    expect(countWithShells([60], [60], process(60, 1))).toMatchObject({ detached: 0 });
  });

  it('is no shell in tmux that is on its way to its first prompt, with all that its profile runs', () => {
    const tmux = [process(50, 1), ...[51, 52, 53].map((pid) => process(pid, 50))];
    const below = [process(54, 52), process(55, 54)];
    const starting = { 51: [], 52: [54, 55] };
    expect(countAll({ leaders: [51, 52, 53], shells: [53], starting }, ...tmux, ...below)).toMatchObject({
      detached: 0,
    });
    expect(countAll({ leaders: [51, 52, 53], starting }, ...tmux, ...below)).toMatchObject({ detached: 1 });
  });

  it('is not what the server has started for itself, as tmux to look at the sessions', () => {
    expect(countAll({ servers: [60] }, process(60, 7), process(61, 7), process(62, 60))).toMatchObject({ detached: 1 });
  });

  it('is one program where it lost its parent on its own terminal, or its ancestors go in a circle', () => {
    expect(countWithTerminals([50, 52], process(50, 1), process(51, 50), process(52, 51))).toMatchObject({
      detached: 1,
    });
    expect(count(process(50, 1), process(51, 52), process(52, 51))).toMatchObject({ detached: 1 });
  });

  it('is not known where no process can be seen', () => {
    const look = {
      processes: [],
      connectionPids: [20],
      ownPids: [1, 7],
      findStartMs: () => undefined,
      isServers: () => false,
      leadsTerminal: () => false,
      waitsAtPrompt: () => false,
      isStarting: () => false,
    };
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

it('tells the first process on a terminal, whatever its name', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'ws-proc-'));
  const write = (pid: number, fields: string) => {
    mkdirSync(path.join(root, String(pid)));
    writeFileSync(path.join(root, String(pid), 'stat'), `${pid} (a) 9 (c) S ${fields} 0 0 0\n`);
  };
  write(40, '1 40 40 34816');
  write(41, '40 41 40 34816');
  write(42, '1 42 42 0');
  expect([40, 41, 42, 43].map((pid) => leadsTerminal(pid, root))).toEqual([true, false, false, false]);
  expect([41, 42, 43].map((pid) => sharesSession(pid, 40, root))).toEqual([true, false, false]);
  rmSync(root, { recursive: true });
});
