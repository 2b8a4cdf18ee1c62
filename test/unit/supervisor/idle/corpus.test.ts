import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, replay } from './replay.ts';
import { AGENT_SHAPES, OTHER_SHAPES } from './shapes.ts';

const STOP_AFTER_MS = 30 * MINUTE;

/** Enough for 500 hours of agents. */
const AGENT_SEEDS = 20;
const OTHER_SEEDS = 12;

function replayAll(make: (typeof AGENT_SHAPES)[number], seeds: number) {
  return Array.from({ length: seeds }, (_, seed) => replay(make(), STOP_AFTER_MS, seed + 1));
}

describe('work as it looks from outside', () => {
  it.each([
    ...AGENT_SHAPES.map((make) => [make().name, make, AGENT_SEEDS] as const),
    ...OTHER_SHAPES.map((make) => [make().name, make, OTHER_SEEDS] as const),
  ])('%s: is never cut off, and no more is held than that', (_name, make, seeds) => {
    const replayed = replayAll(make, seeds);
    expect(replayed.map(({ falseAtMs }) => falseAtMs).filter((at) => at !== undefined)).toEqual([]);
    expect(replayed.filter(({ hasStopped }) => !hasStopped)).toEqual([]);
  });

  it('is there in 500 hours of agents, and in 12 shapes at least', () => {
    const workMs = AGENT_SHAPES.reduce((sum, make) => sum + make().worksMs, 0);
    expect((workMs * AGENT_SEEDS) / HOUR).toBeGreaterThan(500);
    expect(AGENT_SHAPES.length + OTHER_SHAPES.length).toBeGreaterThanOrEqual(12);
  });
});
