import { describe, expect, it } from 'vitest';
import { findStarted, type SessionProcess } from '../../../../src/supervisor/programs/command-processes.ts';
import { Commands } from '../../../../src/supervisor/programs/commands.ts';

const COMMAND = 100;
const program = (pid: number, parent: number, asksToStay = false): SessionProcess => ({ pid, parent, asksToStay });

describe('what a command has started', () => {
  it.each<[string, SessionProcess[], number[]]>([
    ['is the command and its children', [program(100, 8), program(101, 100), program(102, 101)], [100, 101, 102]],
    ['is nothing once it has ended', [program(101, 1)], []],
    ['is nothing that its parent let go', [program(100, 8), program(101, 1), program(102, 101)], [100]],
    [
      'is nothing that asks to stay, nor what that started',
      [program(100, 8), program(101, 100, true), program(102, 101)],
      [100],
    ],
    ['is not even the command when that asks to stay', [program(100, 8, true), program(101, 100)], []],
  ])('%s', (_what, session, expected) => {
    expect(findStarted([COMMAND], session)).toEqual(expected);
  });
});

/** Lets a client go, with programs that end of the signals that stand beside them. */
function open(programs: Record<number, { parent: number; endsOf?: string[]; asksToStay?: boolean }>) {
  const alive = new Map(Object.entries(programs).map(([pid, each]) => [Number(pid), each]));
  const told: string[] = [];
  let nowMs = 0;
  const commands = new Commands({
    listSession: (session) => {
      expect(session).toBe(COMMAND);
      return [...alive].map(([pid, { parent, asksToStay = false }]) => ({
        pid,
        parent: alive.has(parent) || pid === COMMAND ? parent : 1,
        asksToStay,
      }));
    },
    kill: (pid, signal) => {
      if (!alive.has(pid)) throw new Error('no such process');
      told.push(`${nowMs} ${signal} ${pid}`);
      if (alive.get(pid)?.endsOf?.includes(signal)) alive.delete(pid);
    },
    sleep: async (delayMs) => void (nowMs += delayMs),
  });
  return { commands, told, alive };
}

describe('a command whose client has gone', () => {
  it('is hung up with all that it has started', async () => {
    const { commands, told } = open({
      100: { parent: 8, endsOf: ['SIGHUP'] },
      101: { parent: 100, endsOf: ['SIGHUP'] },
    });
    expect(await commands.leave(COMMAND)).toBe(2);
    expect(told).toEqual(['400 SIGHUP 100', '400 SIGHUP 101']);
  });

  it('is asked once more when it takes a hang-up for something else, within two seconds', async () => {
    const { commands, told } = open({
      100: { parent: 8, endsOf: ['SIGHUP'] },
      101: { parent: 100, endsOf: ['SIGTERM'] },
    });
    await commands.leave(COMMAND);
    expect(told).toEqual(['400 SIGHUP 100', '400 SIGHUP 101', '1000 SIGTERM 101']);
  });

  it('leaves what it likes when it ends with its input', async () => {
    const { commands, told } = open({ 101: { parent: 1 } });
    expect(await commands.leave(COMMAND)).toBe(0);
    expect(told).toEqual([]);
  });

  it('keeps what asks to stay', async () => {
    const { commands, told } = open({ 100: { parent: 8, endsOf: ['SIGHUP'] }, 101: { parent: 100, asksToStay: true } });
    await commands.leave(COMMAND);
    expect(told).toEqual(['400 SIGHUP 100']);
  });

  it('had a signal: all get it at once, and what its parents left by it is known still', async () => {
    const { commands, told } = open({
      100: { parent: 8, endsOf: ['SIGINT'] },
      101: { parent: 100, endsOf: ['SIGHUP'] },
    });
    commands.signal(COMMAND, 2);
    expect(await commands.leave(COMMAND)).toBe(1);
    expect(told).toEqual(['0 SIGINT 100', '0 SIGINT 101', '900 SIGHUP 101']);
  });

  it('is no trouble where processes cannot be listed, nor a signal that there is not', async () => {
    const commands = new Commands({
      listSession: () => {
        throw new Error('EMFILE');
      },
      kill: () => undefined,
      sleep: async () => undefined,
    });
    commands.signal(COMMAND, 2);
    commands.signal(COMMAND, 999);
    expect(await commands.leave(COMMAND)).toBe(0);
  });
});
