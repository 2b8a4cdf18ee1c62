import { describe, expect, it } from 'vitest';
import { endPrograms } from '../../../../src/supervisor/programs/end-programs.ts';

interface Program {
  ignoresHangUp?: boolean;
  /** Milliseconds from the signal to its end; without one it stays. */
  SIGHUP?: number;
  SIGTERM?: number;
}

/** A container with programs, and with a clock of its own. */
async function end(programs: Record<string, Program>, limitMs = 24_000, lookMs = 0) {
  const ends = new Map(
    Object.keys(programs).map((name, index) => [100 + index, { name, atMs: Number.POSITIVE_INFINITY }]),
  );
  const system = Object.entries({ 1: 'tini', 7: 'node', 8: 'dropbear' }).map(
    ([pid, name]) => [Number(pid), name] as const,
  );
  const told: string[] = [];
  let nowMs = 0;
  const alive = () => [...ends].filter(([, { atMs }]) => atMs > nowMs).map(([pid, { name }]) => [pid, name] as const);
  const left = await endPrograms(
    {
      protectedPids: () => [1, 7, 8],
      looked: () => undefined,
      listProcesses: () => {
        nowMs += lookMs;
        return [...system, ...alive()].map(([pid, name]) => ({
          pid,
          parent: 1,
          name,
          memoryBytes: 0,
          sharedBytes: 0,
          ignoresHangUp: programs[name]?.ignoresHangUp ?? false,
        }));
      },
      kill: (pid, signal) => {
        const program = ends.get(pid);
        if (program === undefined) throw new Error(`no program of the user's: ${pid}`);
        told.push(`${signal} ${program.name}`);
        const afterMs = programs[program.name]?.[signal];
        if (afterMs !== undefined) program.atMs = nowMs + afterMs;
      },
      sleep: async (delayMs) => void (nowMs += delayMs),
      nowMs: () => nowMs,
    },
    limitMs,
  );
  return { told, left, tookMs: nowMs };
}

describe('endPrograms', () => {
  it('Q1P4-HEALTH: takes no time where nothing runs, and never touches the server', async () => {
    expect(await end({})).toEqual({ told: [], left: 0, tookMs: 0 });
  });

  it('Q1P4-HEALTH: gives a program that saves its work at a hang-up the time it takes', async () => {
    const { told, left, tookMs } = await end({ bash: { SIGHUP: 1 }, vim: { SIGHUP: 9000, SIGTERM: 1 } });
    expect({ told, left }).toEqual({ told: ['SIGHUP bash', 'SIGHUP vim'], left: 0 });
    expect(tookMs).toBe(9000);
  });

  it('Q1P4-HEALTH: asks what ignores a hang-up more plainly, at once', async () => {
    const { told, left, tookMs } = await end({ bash: { SIGHUP: 1 }, nohup: { ignoresHangUp: true, SIGTERM: 100 } });
    expect({ told, left }).toEqual({ told: ['SIGHUP bash', 'SIGTERM nohup'], left: 0 });
    expect(tookMs).toBe(100);
  });

  it('Q1P4-HEALTH: asks again what takes a hang-up for something else', async () => {
    const { told, left, tookMs } = await end({ nginx: { SIGTERM: 500 } });
    expect({ told, left, tookMs }).toEqual({ told: ['SIGHUP nginx', 'SIGTERM nginx'], left: 0, tookMs: 12_500 });
  });

  it('Q1P4-HEALTH: leaves at the limit what does not want to go', async () => {
    expect(await end({ deaf: {} })).toMatchObject({ left: 1, tookMs: 24_000 });
    expect(await end({ deaf: {} }, 0)).toMatchObject({ left: 1, tookMs: 0 });
  });

  it('Q1P4-HEALTH: keeps to the limit however long it takes to look', async () => {
    const { left, tookMs } = await end({ deaf: {} }, 24_000, 400);
    expect(left).toBe(1);
    // Each signal is a look of its own.
    expect(tookMs).toBeLessThanOrEqual(24_000 + 4 * 400);
  });

  it('Q1P4-HEALTH: asks a program that only calls itself dropbear', async () => {
    expect((await end({ dropbear: { SIGHUP: 1 } })).told).toEqual(['SIGHUP dropbear']);
  });

  it('Q1P4-HEALTH: waits on where no program can be listed', async () => {
    let nowMs = 0;
    const left = await endPrograms(
      {
        protectedPids: () => [],
        looked: () => undefined,
        listProcesses: () => {
          throw new Error('EMFILE');
        },
        kill: () => undefined,
        sleep: async (delayMs) => void (nowMs += delayMs),
        nowMs: () => nowMs,
      },
      1000,
    );
    expect([left, nowMs]).toEqual([1, 1000]);
  });
});
