import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SnapshotReader } from '../../../../src/supervisor/idle/read-snapshot.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'look-'));
  mkdirSync(path.join(root, 'pts'));
  write('net/dev', '  lo: 900 0 0 0 0 0 0 0 900 0 0 0 0 0 0 0\neth0: 100 0 0 0 0 0 0 0 23 0 0 0 0 0 0 0\n');
  see('pid:[4026532501]');
  run(1, { name: 'tini', session: 1 });
  run(7, { name: 'node', parent: 1, session: 1, cpuTicks: 5000 });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
}

function see(namespace: string): void {
  const link = path.join(root, 'self/ns/pid');
  mkdirSync(path.dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(namespace, link);
}

interface Given {
  name?: string;
  parent?: number;
  session: number;
  device?: number;
  cpuTicks?: number;
  faults?: number;
  words?: string[];
  written?: number;
}

function run(pid: number, given: Given): void {
  const { name = 'a) b', parent = 1, session, device = 0, cpuTicks = 0, faults = 0, words = [], written } = given;
  const behind = `S ${parent} ${pid} ${session} ${device} -1 0 11 ${faults} 0 0 ${cpuTicks} 1 2 3 20 0 1 0 5000 0`;
  write(`${pid}/stat`, `${pid} (${name}) ${behind}`);
  write(`${pid}/cmdline`, words.map((word) => `${word}\0`).join(''));
  if (written !== undefined) write(`${pid}/io`, `rchar: 1\nwchar: ${written}\nsyscr: 1\n`);
}

const open = (connections: number[] = []) =>
  new SnapshotReader({
    proc: root,
    terminals: path.join(root, 'pts'),
    leases: path.join(root, 'keep'),
    ownPid: 7,
    listConnections: () => connections,
    mostProcesses: 40,
  });

describe('a look at the workspace', () => {
  it('sums the time of each session, with that of ended children, without our own and what serves connections', () => {
    run(20, { parent: 7, session: 20, cpuTicks: 900 });
    run(30, { session: 30, cpuTicks: 100 });
    run(31, { parent: 30, session: 30, cpuTicks: 50 });
    run(40, { session: 40 });
    expect(open([20]).read(5).sessions).toEqual(
      new Map([
        ['30', 1620],
        ['40', 60],
      ]),
    );
  });

  it('finds when terminals were read and written, and which only mirror others', () => {
    for (const name of ['0', '1', '7', '300', 'ptmx']) write(`pts/${name}`, '');
    utimesSync(path.join(root, 'pts/0'), 100, 200);
    run(29, { name: 'bash', session: 29, device: (136 << 8) | 7 });
    run(30, { name: 'tmux: client', session: 30, device: (136 << 8) | 1 });
    run(31, { name: 'screen', session: 31, device: (136 << 8) | (300 & 0xff) | ((300 & 0xfff00) << 12) });
    const { terminals } = open().read(5);
    expect([...(terminals?.keys() ?? [])].sort()).toEqual(['0', '1', '300', '7']);
    expect(terminals?.get('7')?.leader).toBe('29 5000 bash');
    expect(terminals?.get('0')).toEqual({
      readAtMs: 100_000,
      writtenAtMs: 200_000,
      isMirror: false,
      leader: undefined,
    });
    expect([terminals?.get('1')?.isMirror, terminals?.get('300')?.isMirror]).toEqual([true, true]);
  });

  it('finds what connections relay, what they run, and whether on a terminal', () => {
    run(20, { parent: 7, session: 20, written: 12 });
    run(21, { parent: 7, session: 21, written: 34 });
    run(22, { parent: 7, session: 22, written: 56, faults: 70 });
    run(30, { parent: 21, session: 30, device: (136 << 8) | 2 });
    expect(open([20, 21, 22, 23]).read(5).connections).toEqual(
      new Map([
        ['20', { bytes: 12, commands: '', hasTerminal: false }],
        ['21', { bytes: 34, commands: '0 30', hasTerminal: true }],
        ['22', { bytes: 56, commands: '70 ', hasTerminal: false }],
      ]),
    );
  });

  it('says what it cannot know', () => {
    run(20, { parent: 7, session: 20 });
    expect(open([20]).read(5).connections.get('20')?.bytes).toBeUndefined();
    rmSync(path.join(root, 'net'), { recursive: true });
    rmSync(path.join(root, 'pts'), { recursive: true });
    expect(open().read(5)).toMatchObject({ networkBytes: undefined, terminals: undefined });
    rmSync(path.join(root, '7'), { recursive: true });
    expect(open().read(5).sessions).toBeUndefined();
  });

  it("sees nothing where it would see the machine's processes", () => {
    see('pid:[4026531836]');
    run(30, { session: 30, words: ['claude'] });
    expect(open().read(5)).toMatchObject({ sessions: undefined, terminals: undefined, agents: [] });
  });

  it('counts what leaves the pod, not what stays in it', () => {
    expect(open().read(5).networkBytes).toBe(123);
  });

  it('knows agents at anything, also by what an interpreter runs, until they become another program', () => {
    run(30, { session: 30, name: 'node', words: ['node', '/opt/bin/codex', 'exec', 'x'] });
    run(31, { session: 31, name: 'claude', words: ['claude', '-p', 'x'] });
    run(32, { session: 32, name: 'cat', words: ['cat', 'claude'] });
    const reader = open();
    expect(reader.read(5).agents).toEqual(['claude', 'codex']);
    run(31, { session: 31, name: 'bash', words: ['bash'] });
    expect(reader.read(6).agents).toEqual(['codex']);
  });

  it('knows who holds the workspace: files, and programs of that name', () => {
    write('keep/script', '');
    run(30, { session: 30, name: 'ws-keep' });
    run(31, { session: 31, name: 'ws-keeper' });
    expect(
      open()
        .read(5)
        .leases.map(({ lastsMs, isProgram }) => [lastsMs, isProgram]),
    ).toEqual([
      [3_600_000, false],
      [7 * 86_400_000, true],
    ]);
  });

  it('knows between two looks which files hold the workspace now', () => {
    run(30, { session: 30, name: 'ws-keep' });
    const reader = open();
    reader.read(5);
    write('keep/script', '60');
    expect(reader.readLeases().map(({ lastsMs }) => lastsMs)).toEqual([60_000, 7 * 86_400_000]);
    rmSync(path.join(root, 'keep/script'));
    expect(reader.readLeases()).toHaveLength(1);
  });

  it('knows in a look that cannot list processes which programs held the workspace before', () => {
    run(30, { session: 30, name: 'ws-keep' });
    const reader = open();
    const before = reader.read(5).leases;
    for (let pid = 100; pid < 150; pid += 1) mkdirSync(path.join(root, String(pid)));
    expect(before).toHaveLength(1);
    expect(reader.read(6)).toMatchObject({ sessions: undefined, leases: before });
  });

  it('gives up where there are more processes than it may take the time to read', () => {
    for (let pid = 100; pid < 150; pid += 1) mkdirSync(path.join(root, String(pid)));
    expect(open().read(5).sessions).toBeUndefined();
  });
});
