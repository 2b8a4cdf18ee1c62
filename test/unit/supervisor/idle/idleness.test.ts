import { describe, expect, it } from 'vitest';
import { AGENT_LIMIT_MS, Idleness, OUTPUT_LIMIT_MS } from '../../../../src/supervisor/idle/idleness.ts';
import type { ConnectionUse, Snapshot, TerminalTimes } from '../../../../src/supervisor/idle/snapshot.ts';

const LOOK_MS = 15_000;

const terminal = (
  readAtMs: number,
  writtenAtMs: number,
  isMirror = false,
  leader = '9 1 bash',
): [string, TerminalTimes] => ['0', { readAtMs, writtenAtMs, isMirror, leader }];
const connection = (given: Partial<ConnectionUse>): [string, ConnectionUse] => [
  '20',
  { bytes: 0, commands: '', hasTerminal: false, ...given },
];

const QUIET: Omit<Snapshot, 'atMs'> = {
  sessions: new Map([['9', 0]]),
  terminals: new Map([terminal(0, 0)]),
  connections: new Map([connection({})]),
  networkBytes: 0,
  agents: [],
  leases: [],
};

/** What is said after looks that find this, one after the other; the last one for as long as `lastedMs`. */
function say(looks: (Partial<Snapshot> | undefined)[], lastedMs = LOOK_MS) {
  const idleness = new Idleness(0);
  let atMs = 0;
  const look = (found: Partial<Snapshot> | undefined) => {
    idleness.look(atMs, found && { ...QUIET, ...found, atMs });
  };
  for (const found of looks) {
    look(found);
    atMs += LOOK_MS;
  }
  for (const endMs = atMs - LOOK_MS + lastedMs; atMs < endMs; atMs += LOOK_MS) look(looks.at(-1));
  return idleness.activity(atMs - LOOK_MS);
}

const lease = (key: string, lastsMs: number, isProgram = false) => ({ key, lastsMs, isProgram });

const idle = (idleMs: number) => ({ idleMs, reason: undefined, agent: undefined, heldForMs: undefined });
const busy = (reason: string, agent?: string) => ({ idleMs: 0, reason, agent, heldForMs: undefined });

describe('a workspace is idle', () => {
  it('since its start, where nothing is seen', () => {
    expect(say([{}, {}, {}])).toEqual(idle(2 * LOOK_MS));
  });

  it('while connections are only open, shells wait, and bytes of keepalives pass', () => {
    const open = (bytes: number) => ({
      connections: new Map([connection({ bytes, commands: '5 30', hasTerminal: true })]),
    });
    expect(say([open(0), open(300), open(600)])).toEqual(idle(2 * LOOK_MS));
  });

  it('by what its terminals and sessions did before we looked', () => {
    const old = { sessions: new Map([['9', 9_000_000]]), terminals: new Map([terminal(5, 6)]), networkBytes: 10 ** 12 };
    expect(say([old, old])).toEqual(idle(LOOK_MS));
  });

  it('while a client of tmux shows the time, and once after what we have printed ourselves', () => {
    const clock = (at: number) => ({ terminals: new Map([terminal(0, at, true)]) });
    expect(say([clock(0), clock(15), clock(30)])).toEqual(idle(2 * LOOK_MS));
    const idleness = new Idleness(0);
    const look = (number: number) =>
      idleness.look(number * LOOK_MS, {
        ...QUIET,
        terminals: new Map([terminal(0, number)]),
        atMs: number * LOOK_MS,
      });
    look(0);
    idleness.ignoreOutputOnce();
    look(1);
    expect(idleness.activity(LOOK_MS)).toEqual(idle(LOOK_MS));
    look(2);
    expect(idleness.activity(2 * LOOK_MS)).toEqual(busy('output'));
  });

  it('though a shell reads something where a job has ended, and another terminal has the name of one before', () => {
    const led = (readAtMs: number, leader: string) => ({ terminals: new Map([terminal(readAtMs, 0, false, leader)]) });
    expect(say([led(0, '9 1 sh'), led(8, '9 1 bash')])).toEqual(idle(LOOK_MS));
    expect(say([led(0, '9 1 sh'), led(8, '12 4 sh')])).toEqual(idle(LOOK_MS));
    expect(say([led(0, '9 1 bash'), led(8, '9 1 bash')], 0)).toEqual(busy('typed'));
  });

  it('though a counter starts again, or its session is another one of the same number', () => {
    const used = (ms: number) => ({ sessions: new Map([['9', ms]]) });
    expect(say([used(500_000), used(0), used(0)])).toEqual(idle(2 * LOOK_MS));
  });
});

describe('what a look could not see is nothing new at the next one', () => {
  const open = (bytes: number | undefined) => new Map([connection({ bytes, commands: '5 30', hasTerminal: true })]);
  const BLIND: Partial<Snapshot> = { sessions: undefined, terminals: undefined, connections: new Map(), agents: [] };

  it('such as a connection that stays open, and its terminal', () => {
    const idleness = new Idleness(0);
    const agent = { ...QUIET, connections: open(9_000_000), terminals: new Map([terminal(0, 5)]), agents: ['claude'] };
    const look = (atMs: number, found: Partial<Snapshot>) => {
      idleness.look(atMs, { ...agent, ...found, atMs });
      return idleness.activity(atMs).reason;
    };
    const blindAtMs = 10 * 3_600_000;
    for (let atMs = 0; atMs < blindAtMs; atMs += LOOK_MS) look(atMs, {});
    expect(look(blindAtMs, BLIND)).toBe('unseen');
    expect(look(blindAtMs + LOOK_MS, {})).toBeUndefined();
    expect(look(blindAtMs + 2 * LOOK_MS, { connections: new Map([connection({ commands: '6 ' })]) })).toBe('command');
  });

  it.each<[string, Partial<Snapshot>, Partial<Snapshot>]>([
    ['connections, seen for the first time', BLIND, { connections: open(9_000_000) }],
    ['what terminals printed before', { terminals: undefined }, { terminals: new Map([terminal(3, 4)]) }],
    ['what connections relayed before', { connections: open(undefined) }, { connections: open(9_000_000) }],
    ['what the network carried before', { networkBytes: undefined }, { networkBytes: 9_000_000 }],
  ])('%s', (_what, blind, seen) => {
    expect(say([blind, blind, seen]).reason).toBeUndefined();
    expect(say([seen, blind, seen]).reason).toBeUndefined();
  });

  it.each<[string, Partial<Snapshot>, (amount: number) => Partial<Snapshot>]>([
    ['sessions', BLIND, (amount) => ({ sessions: new Map([['9', amount / 500]]) })],
    ['connections', { connections: open(undefined) }, (amount) => ({ connections: open(amount) })],
    ['the network', { networkBytes: undefined }, (amount) => ({ networkBytes: amount })],
  ])('and the rates of %s are those of the whole time between', (_what, blind, found) => {
    expect(say([found(0), ...Array(2000).fill(blind), found(6_000_000)]).reason).toBeUndefined();
    expect(say([found(0), blind, found(30_000_000)]).reason).toMatch(/computes|transfer|network/);
  });

  it('and what we have printed ourselves', () => {
    const idleness = new Idleness(0);
    idleness.look(0, { ...QUIET, atMs: 0 });
    idleness.ignoreOutputOnce();
    idleness.look(LOOK_MS, { ...QUIET, ...BLIND, atMs: LOOK_MS });
    idleness.look(2 * LOOK_MS, { ...QUIET, terminals: new Map([terminal(0, 8)]), atMs: 2 * LOOK_MS });
    expect(idleness.activity(2 * LOOK_MS).reason).toBeUndefined();
  });
});

describe('a workspace is at work', () => {
  it.each<[string, Partial<Snapshot> | undefined]>([
    ['typed', { terminals: new Map([terminal(8, 8)]) }],
    ['command', { connections: new Map([connection({ commands: '700 ' })]) }],
    ['computes', { sessions: new Map([['9', LOOK_MS]]) }],
    ['transfer', { connections: new Map([connection({ bytes: 400_000 })]) }],
    ['network', { networkBytes: 9_000_000 }],
    ['output', { terminals: new Map([terminal(0, 8)]) }],
    ['unseen', undefined],
    ['unseen', { sessions: undefined }],
    ['unseen', { terminals: undefined }],
    ['unseen', { networkBytes: undefined }],
    ['unseen', { connections: new Map([connection({ bytes: undefined })]) }],
  ])('when something is %s', (reason, found) => {
    expect(say([{}, found])).toEqual(busy(reason));
  });

  it('for what a new session has used since the last look', () => {
    expect(say([{}, { sessions: new Map([['77', LOOK_MS]]) }])).toEqual(busy('computes'));
  });

  it('by the first reason of several, as a person would say it', () => {
    const found = { terminals: new Map([terminal(8, 8)]), sessions: new Map([['9', LOOK_MS]]), agents: ['claude'] };
    expect(say([{}, found])).toEqual(busy('typed'));
  });

  it('as long as an agent lives, but no longer than its limit after the last work', () => {
    expect(say([{ agents: ['codex'] }], AGENT_LIMIT_MS)).toEqual(busy('agent', 'codex'));
    expect(say([{ agents: ['codex'] }], AGENT_LIMIT_MS + 60_000)).toMatchObject({ reason: undefined });
  });

  it('for as long as a lease says since it was first seen, and anew when it is given anew', () => {
    const idleness = new Idleness(0);
    const look = (seconds: number, key: string) => {
      idleness.look(seconds * 1000, { ...QUIET, leases: [lease(key, 60_000)], atMs: seconds * 1000 });
      return idleness.activity(seconds * 1000).reason;
    };
    expect([0, 15, 45, 60, 600].map((at) => look(at, 'a'))).toEqual(['lease', 'lease', 'lease', undefined, undefined]);
    expect([615, 660, 675].map((at) => look(at, 'b'))).toEqual(['lease', 'lease', undefined]);
    expect(say([{ leases: [lease('a', 0)] }])).toEqual(idle(0));
  });

  it('and says for how long leases hold it: the longest, whatever else works or holds it', () => {
    const both = [lease('a', 60_000), lease('b', 90_000)];
    expect(say([{ leases: both }, { leases: both }])).toEqual({ ...busy('lease'), heldForMs: 75_000 });
    const typed = { leases: both, terminals: new Map([terminal(8, 8)]) };
    expect(say([{ leases: both }, typed])).toEqual({ ...busy('typed'), heldForMs: 75_000 });
    const program = lease('c', 1000, true);
    expect(say([{ leases: [...both, program] }])).toEqual({ ...busy('lease'), heldForMs: 90_000 });
    expect(say([{ leases: [program] }])).toEqual(busy('lease'));
  });

  it('as soon as somebody holds it, and no longer than that, whenever the next look is', () => {
    const idleness = new Idleness(0);
    idleness.look(0, { ...QUIET, atMs: 0 });
    idleness.lookAtLeases(5000, [lease('a', 60_000)]);
    expect(idleness.activity(6000)).toEqual({ ...busy('lease'), heldForMs: 59_000 });
    idleness.lookAtLeases(8000, []);
    expect(idleness.activity(9000)).toEqual(idle(4000));
  });

  it('of the last look, where only the leases were looked at since', () => {
    const idleness = new Idleness(0);
    idleness.look(0, { ...QUIET, atMs: 0 });
    idleness.look(LOOK_MS, { ...QUIET, atMs: LOOK_MS, agents: ['codex'], leases: [lease('a', 60_000)] });
    idleness.lookAtLeases(LOOK_MS + 1000, []);
    expect(idleness.activity(LOOK_MS + 2000)).toEqual(busy('agent', 'codex'));
  });

  it('as long as something is printed, but no longer than its limit after the last sign of a person', () => {
    const idleness = new Idleness(0);
    for (let atMs = 0; atMs <= OUTPUT_LIMIT_MS + LOOK_MS; atMs += LOOK_MS) {
      idleness.look(atMs, { ...QUIET, terminals: new Map([terminal(0, atMs)]), atMs });
      if (atMs > 0) expect(idleness.activity(atMs).reason).toBe(atMs < OUTPUT_LIMIT_MS ? 'output' : undefined);
    }
  });
});
