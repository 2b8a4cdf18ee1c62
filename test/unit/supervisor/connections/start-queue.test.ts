import { describe, expect, it } from 'vitest';
import { LOOPBACK } from '../../../../src/supervisor/connections/admission.ts';
import { type QueueClock, StartQueue, type Waiting } from '../../../../src/supervisor/connections/start-queue.ts';

const START_MS = 10;

/** A queue in a time that passes only by starts and waiting, and who was started when. */
function open({ look = async () => undefined }: { look?: () => Promise<void> } = {}) {
  let nowMs = 1000;
  const comings: { atMs: number; visitor: Visitor }[] = [];
  const started: { name: string; atMs: number }[] = [];
  const pass = async (ms: number) => {
    nowMs += ms;
    for (const coming of comings.filter(({ atMs }) => atMs <= nowMs)) {
      comings.splice(comings.indexOf(coming), 1);
      queue.add(coming.visitor);
    }
    await new Promise((resolve) => setImmediate(resolve));
  };
  const clock: QueueClock = { nowMs: () => nowMs, turn: () => pass(0.1), sleep: pass };
  class Visitor implements Waiting {
    readonly name: string;
    readonly source: string;
    isAuthenticated = false;
    isLeaving = false;
    isSilent: boolean;
    startedAtMs = nowMs;
    constructor(name: string, isSilent: boolean, source = LOOPBACK) {
      this.name = name;
      this.isSilent = isSilent;
      this.source = source;
    }
    start() {
      started.push({ name: this.name, atMs: nowMs });
      nowMs += START_MS;
    }
  }
  const queue = new StartQueue<Visitor>(async (visitors) => {
    await look();
    return new Set(visitors.filter(({ isSilent }) => isSilent));
  }, clock);
  const silent = (count: number, source?: string) =>
    Array.from({ length: count }, (_, index) => new Visitor(`silent ${index}`, true, source));
  const settle = async (count: number) => {
    for (let turn = 0; started.length < count && turn < 10_000; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
    return started;
  };
  const find = (name: string) => started.findIndex((one) => one.name === name);
  return {
    queue,
    pass,
    Visitor,
    silent,
    started,
    settle,
    find,
    comeAt: (atMs: number, visitor: Visitor) => comings.push({ atMs, visitor }),
  };
}

describe('the order of starts', () => {
  it('is that of coming while few wait, with nothing asked', async () => {
    const { queue, silent, settle } = open({ look: () => Promise.reject(new Error('nobody should ask')) });
    for (const visitor of silent(4)) queue.add(visitor);
    expect((await settle(4)).map(({ name }) => name)).toEqual(['silent 0', 'silent 1', 'silent 2', 'silent 3']);
  });

  it('has a login before a hundred silent ones that came first', async () => {
    const { queue, Visitor, silent, settle, find } = open();
    for (const visitor of silent(100)) queue.add(visitor);
    queue.add(new Visitor('login', false));
    await settle(101);
    expect(find('login')).toBe(0);
  });

  it('has a login that comes later after what is being started, and no more', async () => {
    const { queue, Visitor, silent, settle, find, started, comeAt } = open();
    for (const visitor of silent(100)) queue.add(visitor);
    comeAt(1500, new Visitor('login', false));
    await settle(101);
    const { atMs } = started[find('login')] as { atMs: number };
    expect(atMs - 1500).toBeLessThan(60);
    expect(find('login')).toBeLessThan(20);
  });

  it('leaves the machine to others for four fifths of the time while silent ones wait', async () => {
    const { queue, silent, settle } = open();
    for (const visitor of silent(50)) queue.add(visitor);
    const started = await settle(50);
    const paces = started.slice(1, 40).map(({ atMs }, index) => atMs - (started[index]?.atMs ?? 0));
    for (const pace of paces) expect(pace).toBeGreaterThanOrEqual(5 * START_MS);
    for (const pace of paces) expect(pace).toBeLessThan(6 * START_MS);
  });

  it('starts sixty logins one after the other, without a pause', async () => {
    const { queue, Visitor, settle } = open();
    for (let index = 0; index < 60; index += 1) queue.add(new Visitor(`login ${index}`, false));
    const started = await settle(60);
    expect((started.at(-1)?.atMs ?? 0) - (started[0]?.atMs ?? 0)).toBeLessThan(60 * START_MS * 1.2);
  });

  it('does not wait for a look that takes long where there is nothing else to do', async () => {
    const { queue, Visitor, settle, comeAt, started, find, pass } = open({ look: () => pass(100) });
    for (let index = 0; index < 12; index += 1) queue.add(new Visitor(`login ${index}`, false));
    for (let index = 0; index < 5; index += 1) comeAt(1170, new Visitor(`later ${index}`, false));
    await settle(17);
    expect(started[find('later 0')]?.atMs).toBeLessThan(1400);
  });

  it('gives a silent one by the API server its turn, whatever strangers say', async () => {
    const { queue, Visitor, silent, settle, find } = open();
    for (let index = 0; index < 200; index += 1) queue.add(new Visitor(`stranger ${index}`, false, '10.0.0.1'));
    for (const visitor of silent(3)) queue.add(visitor);
    await settle(203);
    expect(find('silent 2')).toBeLessThan(20);
  });

  it('is that of coming where the kernel does not tell who is silent', async () => {
    const { queue, Visitor, settle } = open();
    for (let index = 0; index < 20; index += 1) queue.add(new Visitor(String(index), false));
    expect((await settle(20)).map(({ name }) => Number(name))).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it('leaves out who is leaving', async () => {
    const { queue, silent, settle } = open();
    const visitors = silent(10);
    for (const visitor of visitors) queue.add(visitor);
    for (const visitor of visitors.slice(0, 8)) visitor.isLeaving = true;
    expect((await settle(2)).map(({ name }) => name)).toEqual(['silent 8', 'silent 9']);
    const more = silent(1);
    for (const visitor of more) queue.add(visitor);
    expect(await settle(3)).toHaveLength(3);
  });
});
