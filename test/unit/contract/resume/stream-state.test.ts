import { describe, expect, it } from 'vitest';
import { follow, type StreamEvent, type StreamState } from '../../../../src/contract/resume/stream-state.ts';

const STATES: StreamState[] = ['opening', 'carried', 'lost', 'over'];
const EVENTS: StreamEvent[] = ['welcomed', 'carrier-lost', 'refused', 'closed', 'expired'];

/** As docs/decisions/0046-resumable-streams.md has it: rows are states, columns are events, a dot changes nothing. */
const TABLE: Record<StreamState, (StreamState | '.')[]> = {
  opening: ['carried', 'over', 'over', 'over', '.'],
  carried: ['carried', 'lost', '.', 'over', '.'],
  lost: ['carried', '.', 'over', 'over', 'over'],
  over: ['.', '.', '.', '.', '.'],
};

describe('the life of a resumable stream', () => {
  for (const state of STATES)
    it.each(EVENTS.map((event, index) => [event, TABLE[state][index]] as const))(
      `is, from ${state} and after %s, %s`,
      (event, next) => expect(follow(state, event)).toBe(next === '.' ? state : next),
    );
});
