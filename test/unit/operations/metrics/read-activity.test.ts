import { expect, it } from 'vitest';
import { readWork } from '../../../../src/operations/metrics/read-activity.ts';
import { container, pod, snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, makeAnswer, NEVER } from '../fake-world.ts';

const idle = (idleSeconds: number, sleepsInSeconds?: number) => ({
  idleSeconds,
  busy: undefined,
  agent: undefined,
  sleepsInSeconds,
});
const busy = (reason: string, agent?: string, sleepsInSeconds?: number) => ({
  idleSeconds: 0,
  busy: reason,
  agent,
  sleepsInSeconds,
});

function read(answer: string | Error, found = snapshot()) {
  const { world } = fakeWorld({
    cluster: {
      async openPodStream(name, port) {
        expect([name, port]).toEqual(['ws-dev-1', 9222]);
        if (answer instanceof Error) throw answer;
        return makeAnswer(`# HELP x y.\n${answer}\n`);
      },
    },
  });
  return readWork(found, world, NEVER);
}

it.each([
  ['idle', 'ws_idle_seconds 2160', idle(2160)],
  ['until it sleeps', 'ws_idle_seconds 2160\nws_idle_stop_seconds 3600', idle(2160, 1440)],
  ['that it should sleep by now', 'ws_idle_seconds 4000\nws_idle_stop_seconds 3600', idle(4000, 0)],
  [
    'busy, and would sleep',
    'ws_idle_seconds 0\nws_idle_stop_seconds 60\nws_busy_info{reason="output",agent=""} 1',
    busy('output', undefined, 60),
  ],
  [
    'for how long it is held',
    'ws_idle_seconds 0\nws_held_seconds 7187\nws_busy_info{reason="command",agent=""} 1',
    { ...busy('command'), heldForSeconds: 7187 },
  ],
  [
    'how long it may still run',
    'ws_idle_seconds 60\nws_time_left_seconds 28740',
    { ...idle(60), stopsInSeconds: 28_740 },
  ],
  ['a fraction', 'ws_idle_seconds 59.9', idle(59)],
  ['busy', 'ws_idle_seconds 0\nws_busy_info{reason="typed",agent=""} 1', busy('typed')],
  ['an agent', 'ws_idle_seconds 0\nws_busy_info{reason="agent",agent="claude"} 1', busy('agent', 'claude')],
  ['a reason of a later server', 'ws_idle_seconds 0\nws_busy_info{reason="dreams",agent=""} 1', busy('unseen')],
  ['garbage', `ws_idle_seconds 0\nws_busy_info{reason="agent",agent="${'\x1b[2J'}"} 1`, busy('agent')],
  ['less than nothing', 'ws_idle_seconds -5', idle(0)],
  ['more than there can be', 'ws_idle_seconds 1e300', idle(315_360_000)],
  ['an older image', 'ws_sessions 0', undefined],
  ['no answer', new Error('reset'), undefined],
])('reads what the server says of its activity: %s', async (_what, answer, expected) => {
  expect((await read(answer)).activity).toEqual(expected);
});

it('asks no workspace that is not ready', async () => {
  const starting = snapshot({ pod: pod({ ready: false, container: container() }) });
  expect(await read(new Error('never asked'), starting)).toEqual({ activity: undefined, jobs: undefined });
});

const job = (session: string, state: string, status = '') =>
  `ws_job_info{session="${session}",state="${state}",status="${status}"} 1`;

it.each([
  ['none', 'ws_jobs 0', []],
  [
    'each',
    ['ws_jobs 3', job('a', 'running'), job('b', 'exited', '3'), job('c-d_1', 'lost')].join('\n'),
    [
      { session: 'a', state: 'running' },
      { session: 'b', state: 'exited', status: 3 },
      { session: 'c-d_1', state: 'lost' },
    ],
  ],
  [
    'a state of a later server',
    ['ws_jobs 2', job('a', 'paused'), job('b', 'exited', '0')].join('\n'),
    [{ session: 'b', state: 'exited', status: 0 }],
  ],
  ['garbage', ['ws_jobs 3', job('\x1b[2J', 'running'), job('a', 'exited', '999'), job('a', 'exited')].join('\n'), []],
  [
    'far too many',
    ['ws_jobs 99', ...Array.from({ length: 99 }, () => job('a', 'lost'))].join('\n'),
    Array(50).fill({ session: 'a', state: 'lost' }),
  ],
  ['an older image', 'ws_sessions 0', undefined],
  ['no answer', new Error('reset'), undefined],
])('reads what the server says of its jobs: %s', async (_what, answer, expected) => {
  expect((await read(answer)).jobs).toEqual(expected);
});
