import { describe, expect, it } from 'vitest';
import { describeInUse } from '../../../../src/cli/asking/restart-consent.ts';
import { readInUse } from '../../../../src/operations/metrics/read-in-use.ts';
import { failure } from '../../../../src/workspace/errors/errors.ts';
import type { WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { container, pendingPod, pod, snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, makeAnswer, NEVER } from '../fake-world.ts';

const NOW = new Date(2026, 5, 1, 16, 5).getTime();
const SINCE = `ws_session_programs_oldest_start_time_seconds ${NOW / 1000 - 7200}`;

/** What is said of a workspace whose server answers so. */
async function say(answer: string[] | Error, found: WorkspaceSnapshot = snapshot()) {
  const { world } = fakeWorld({
    cluster: {
      async openPodStream(name, port) {
        expect([name, port]).toEqual(['ws-dev-1', 9222]);
        if (answer instanceof Error) throw answer;
        return makeAnswer(`# HELP x y.\n${answer.join('\n')}\n`);
      },
    },
  });
  return describeInUse('dev', await readInUse(found, world, NEVER), NOW);
}

describe('who works in a workspace is told apart', () => {
  it.each<[string, string[], string[]]>([
    ['nobody', ['ws_sessions 1', 'ws_session_programs 0', 'ws_detached_programs 0'], []],
    [
      'a session whose beginning nobody knows',
      ['ws_session_programs 1', 'ws_session_programs_oldest_start_time_seconds 0', 'ws_detached_programs 0'],
      ['In workspace dev, 1 session is open'],
    ],
    [
      'sessions',
      ['ws_session_programs 2', SINCE, 'ws_detached_programs 0'],
      ['In workspace dev, 2 sessions are open, the oldest since 14:05 (2h ago)'],
    ],
    [
      'one session, of another day',
      [
        'ws_session_programs 1',
        `ws_session_programs_oldest_start_time_seconds ${NOW / 1000 - 86_400}`,
        'ws_detached_programs 0',
      ],
      ['In workspace dev, 1 session has been open since 2026-05-31 16:05 (24h ago)'],
    ],
    [
      'tmux alone',
      ['ws_session_programs 0', 'ws_detached_programs 3'],
      ['In workspace dev, 3 programs run without a session, as in tmux'],
    ],
    [
      'both',
      ['ws_session_programs 1', SINCE, 'ws_detached_programs 1'],
      ['In workspace dev, 1 session has been open since 14:05 (2h ago); 1 program runs without one, as in tmux'],
    ],
    [
      'connections of an older image',
      ['ws_sessions 2'],
      ['In workspace dev, 2 sessions are open; what runs without one, its older image does not say'],
    ],
    [
      'an older image with no connection',
      ['ws_sessions 0'],
      [
        'Whether anybody works in workspace dev cannot be told: its image is older and does not say what runs without a connection',
      ],
    ],
    [
      'a server that is none of ours',
      ['up 1'],
      ['Whether anybody works in workspace dev cannot be told: its server does not say'],
    ],
    [
      'numbers that no clock shows',
      ['ws_session_programs 1', 'ws_session_programs_oldest_start_time_seconds 1e300', 'ws_detached_programs -4'],
      ['In workspace dev, 1 session is open'],
    ],
  ])('%s', async (_what, answer, expected) => {
    expect(await say(answer)).toEqual(expected);
  });

  it('a server that does not answer, and a right that is missing', async () => {
    expect(await say(failure('CONNECTION_FAILED', { message: 'x' }))).toEqual([
      'Whether anybody works in workspace dev cannot be told: its server does not answer',
    ]);
    expect(await say(failure('NOT_PERMITTED', { message: 'x' }))).toEqual([
      'Whether anybody works in workspace dev cannot be told: you may not open a connection to its pod',
    ]);
  });

  it.each([
    ['none', undefined],
    ['one that has not started', pendingPod()],
    ['one whose container has ended', pod({ container: container({ state: 'terminated' }) })],
  ])('nobody works in a pod that does not run: %s', async (_what, at) => {
    expect(await say(new Error('it was asked'), snapshot({ pod: at }))).toEqual([]);
  });
});
