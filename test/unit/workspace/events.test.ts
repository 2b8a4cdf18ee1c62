import { describe, expect, it } from 'vitest';
import {
  EMPTY_PROGRESS,
  type ProgressEvent,
  type ProgressState,
  reduce,
  reduceFailure,
} from '../../../src/workspace/state/events.ts';

/** Events at 0 ms, 10 ms, 20 ms, … */
const play = (events: ProgressEvent[], from: ProgressState = EMPTY_PROGRESS) =>
  events.reduce((state, event, index) => reduce(state, event, index * 10), from);
const planned: ProgressEvent = { type: 'planned', workspace: 'dev', steps: ['ready', 'connect'] };

describe('progress', () => {
  it('shows the planned steps as waiting', () => {
    const state = play([planned]);
    expect(state.steps.map(({ id, status }) => [id, status])).toEqual([
      ['ready', 'waiting'],
      ['connect', 'waiting'],
    ]);
  });

  it('keeps the newest fact of a step, and when it began and ended', () => {
    const state = play([
      planned,
      { type: 'started', step: 'ready' },
      { type: 'advanced', step: 'ready', fact: { kind: 'pod-awaited' } },
      { type: 'advanced', step: 'ready', fact: { kind: 'probing' } },
      { type: 'finished', step: 'ready' },
    ]);
    expect(state.steps[0]).toEqual({
      id: 'ready',
      status: 'done',
      fact: { kind: 'probing' },
      startedAtMs: 10,
      endedAtMs: 40,
    });
    expect(state.steps[1]?.status).toBe('waiting');
  });

  it('lets the last word of a step replace what it waited for', () => {
    const state = play([
      { type: 'started', step: 'ready' },
      { type: 'advanced', step: 'ready', fact: { kind: 'probing' } },
      { type: 'finished', step: 'ready', fact: { kind: 'connected' } },
    ]);
    expect(state.steps[0]?.fact).toEqual({ kind: 'connected' });
  });

  it('appends a step that nobody planned', () => {
    expect(play([planned, { type: 'started', step: 'prepare' }]).steps.map(({ id }) => id)).toEqual([
      'ready',
      'connect',
      'prepare',
    ]);
  });

  it('begins a step anew when it runs again', () => {
    const state = play([
      { type: 'started', step: 'connect' },
      { type: 'finished', step: 'connect', fact: { kind: 'connected' } },
      { type: 'started', step: 'connect' },
    ]);
    expect(state.steps).toEqual([
      { id: 'connect', status: 'running', fact: undefined, startedAtMs: 20, endedAtMs: undefined },
    ]);
  });

  it('gathers notices in order and leaves steps alone', () => {
    const state = play([
      planned,
      { type: 'noticed', level: 'warning', notice: { kind: 'home-lost-with-pod' } },
      { type: 'noticed', level: 'info', notice: { kind: 'text', text: 'hello' } },
    ]);
    expect(state.notices.map(({ level, notice }) => [level, notice.kind])).toEqual([
      ['warning', 'home-lost-with-pod'],
      ['info', 'text'],
    ]);
    expect(state.steps.every((step) => step.status === 'waiting')).toBe(true);
  });

  it('marks what ran as failed, not what was done or never began', () => {
    const state = play([
      { type: 'planned', workspace: 'dev', steps: ['preflight', 'release', 'ready'] },
      { type: 'started', step: 'preflight' },
      { type: 'finished', step: 'preflight' },
      { type: 'started', step: 'release' },
    ]);
    expect(reduceFailure(state, 99).steps.map(({ status, endedAtMs }) => [status, endedAtMs])).toEqual([
      ['done', 20],
      ['failed', 99],
      ['waiting', undefined],
    ]);
  });

  it('never changes the state it was given', () => {
    const before = play([planned]);
    const copy = structuredClone(before);
    play(
      [
        { type: 'started', step: 'ready' },
        { type: 'finished', step: 'ready' },
      ],
      before,
    );
    reduceFailure(before, 1);
    expect(before).toEqual(copy);
    expect(EMPTY_PROGRESS).toEqual({ steps: [], notices: [] });
  });
});
