import { describe, expect, it } from 'vitest';
import { Ending, Farewell } from '../../../../src/supervisor/idle/farewell.ts';

const MINUTE = 60_000;

/** After how many minutes each notice comes, of looks that find this: for how long it is idle, or that it is busy. */
function listTold(stopAfterMs: number, looks: (number | 'busy')[]): string[] {
  const farewell = new Farewell(stopAfterMs);
  return looks.flatMap((look) => {
    const activity =
      look === 'busy'
        ? ({ idleMs: 0, reason: 'typed', agent: undefined, heldForMs: undefined } as const)
        : { idleMs: look * MINUTE, reason: undefined, agent: undefined, heldForMs: undefined };
    const words = farewell.find(activity);
    return words === undefined ? [] : [`${look}: ${words}`];
  });
}

const words = (seconds: number) =>
  `This workspace sleeps in ${seconds} s, because nothing works in it. Any key keeps it awake.`;

it('tells once, two minutes before, and again in the next idle time', () => {
  expect(listTold(30 * MINUTE, [0, 10, 27.9, 28.1, 28.3, 29.9, 'busy', 5, 29])).toEqual([
    `28.1: ${words(114)}`,
    `29: ${words(60)}`,
  ]);
});

it('leaves half of a short time to press a key', () => {
  expect(listTold(MINUTE, [0.25, 0.4, 0.5, 0.75])).toEqual([`0.5: ${words(30)}`]);
});

it('says nothing where nobody lets it sleep', () => {
  expect(listTold(Number.POSITIVE_INFINITY, [0, 10 ** 6])).toEqual([]);
});

describe('the end of a time', () => {
  const tell = (endAfterMs: number, leftMs: number[]) => {
    const ending = new Ending(endAfterMs);
    return leftMs.flatMap((left) => ending.find(left) ?? []);
  };
  const end = (when: string) =>
    `This workspace stops in ${when}, whatever works in it: its time is over. ws up starts it again.`;

  it('is told ten minutes and one minute before, once each', () => {
    const left = [30, 11, 9.9, 9.7, 5, 1.1, 0.9, 0.7, 0].map((minutes) => minutes * MINUTE);
    expect(tell(8 * 60 * MINUTE, left)).toEqual([end('10 min'), end('54 s')]);
  });

  it('of a short time is told when half of it is left', () => {
    expect(tell(MINUTE, [45_000, 29_000, 10_000])).toEqual([end('29 s')]);
  });

  it('is told once to whoever was away', () => {
    expect(tell(8 * 60 * MINUTE, [20 * MINUTE, 30_000, 10_000])).toEqual([end('30 s')]);
  });
});
