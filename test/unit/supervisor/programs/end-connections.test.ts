import { describe, expect, it } from 'vitest';
import { ConnectionEnds, type Served } from '../../../../src/supervisor/programs/end-connections.ts';

/** Connections by the process that serves each, and what each started. */
function stand(pids: (number | undefined)[]) {
  let nowMs = 0;
  const ended: (number | undefined)[] = [];
  const connections: Served[] = pids.map((pid) => ({ pid, terminate: () => void ended.push(pid) }));
  const ends = new ConnectionEnds(
    () => connections.filter(({ pid }) => !ended.includes(pid)),
    () => nowMs,
  );
  /** Looks at a time, while programs run that these processes started. */
  const look = (atMs: number, parents: number[]) => {
    nowMs = atMs;
    ends.look(
      parents.map((parent, index) => ({
        pid: 100 + index,
        parent,
        name: 'bash',
        memoryBytes: 0,
        sharedBytes: 0,
        ignoresHangUp: false,
      })),
    );
    return [...ended];
  };
  return look;
}

describe('at the end of a workspace', () => {
  it('Q1P4-HEALTH: a connection that has started nothing ends at once, and one that waits to be served', () => {
    const look = stand([20, undefined]);
    expect(look(0, [1])).toEqual([20, undefined]);
  });

  it('Q1P4-HEALTH: a connection ends when its own programs have ended and it could say so, whatever others do', () => {
    const look = stand([20, 30]);
    expect(look(0, [20, 30, 30])).toEqual([]);
    expect(look(50, [30])).toEqual([]);
    expect(look(499, [30])).toEqual([]);
    expect(look(500, [30])).toEqual([20]);
    // What its programs have left behind is not its own any more.
    expect(look(900, [1, 1])).toEqual([20]);
    expect(look(1000, [1, 1])).toEqual([20, 30]);
  });

  it('Q1P4-HEALTH: what was started late counts as well', () => {
    const look = stand([20]);
    expect(look(0, [20])).toEqual([]);
    expect(look(450, [20])).toEqual([]);
    expect(look(600, [])).toEqual([]);
    expect(look(950, [])).toEqual([20]);
  });

  it('Q1P4-HEALTH: all connections end at once where no program can be seen', () => {
    expect(stand([20, 30])(0, [])).toEqual([20, 30]);
  });
});
