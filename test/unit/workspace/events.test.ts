import { describe, expect, it } from 'vitest';
import { failure, interrupted } from '../../../src/workspace/errors/errors.ts';
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
    expect(reduceFailure(state, new Error('x'), 99).steps.map(({ status, endedAtMs }) => [status, endedAtMs])).toEqual([
      ['done', 20],
      ['failed', 99],
      ['waiting', undefined],
    ]);
  });

  it('marks what somebody stopped as stopped, and says no more of it', () => {
    const state = play([
      { type: 'started', step: 'ready' },
      { type: 'advanced', step: 'ready', fact: { kind: 'scheduling', message: 'no room' } },
    ]);
    expect(reduceFailure(state, interrupted(), 99).steps).toMatchObject([{ status: 'stopped', fact: undefined }]);
  });

  it('drops the trouble that has passed, and all of it once the connection is back', () => {
    const trouble = (code: string) =>
      ({ kind: 'trouble', code, reason: 'R', message: 'm', evidence: [], suggestion: undefined }) as const;
    const both = play([
      { type: 'noticed', level: 'warning', notice: trouble('NODE_CPU') },
      { type: 'noticed', level: 'warning', notice: trouble('QUOTA_CPU') },
    ]);
    const passed = { kind: 'trouble-passed', code: 'NODE_CPU', reason: 'R', message: 'm' } as const;
    const left = play([{ type: 'noticed', level: 'info', notice: passed }], both);
    expect(left.notices.map(({ notice }) => notice)).toEqual([trouble('QUOTA_CPU')]);
    const restored = { kind: 'connection-restored', afterMs: 5 } as const;
    const back = play([{ type: 'noticed', level: 'info', notice: restored }], both);
    expect(back.notices.map(({ notice }) => notice)).toEqual([restored]);
  });

  it('leaves to the error the trouble that it tells, and keeps any other', () => {
    const trouble = (code: string) =>
      ({ kind: 'trouble', code, reason: 'R', message: 'm', evidence: [], suggestion: undefined }) as const;
    const state = play([
      { type: 'started', step: 'ready' },
      { type: 'advanced', step: 'ready', fact: { kind: 'scheduling', message: 'no room' } },
      { type: 'noticed', level: 'warning', notice: trouble('NODE_CPU') },
      { type: 'noticed', level: 'warning', notice: trouble('QUOTA_CPU') },
    ]);
    const because = { code: 'NODE_CPU', evidence: [], suggestions: [] };
    const failed = reduceFailure(state, failure('WORKSPACE_NOT_READY', { message: 'x', because }), 99);
    expect(failed.steps.map(({ fact }) => fact)).toEqual([undefined]);
    expect(failed.notices.map(({ notice }) => notice)).toEqual([trouble('QUOTA_CPU')]);
    const other = reduceFailure(state, failure('CONNECTION_FAILED', { message: 'x' }), 99);
    expect([other.steps[0]?.fact, other.notices.length]).toEqual([{ kind: 'scheduling', message: 'no room' }, 2]);
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
    reduceFailure(before, new Error('x'), 1);
    expect(before).toEqual(copy);
    expect(EMPTY_PROGRESS).toEqual({ steps: [], notices: [] });
  });
});
