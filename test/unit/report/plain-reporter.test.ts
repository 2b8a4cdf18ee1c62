import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openReporter } from '../../../src/report/progress/open-reporter.ts';
import type { Reporter, ReporterOptions } from '../../../src/report/progress/reporter.ts';
import { interrupted } from '../../../src/workspace/errors/errors.ts';
import { ws } from '../../../src/workspace/errors/suggestion.ts';
import type { ProgressEvent } from '../../../src/workspace/state/events.ts';
import { spellHere } from '../../spelling.ts';

let reporter: Reporter;
let text = '';

async function open(kind: ReporterOptions['kind'], columns?: number) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), columns === undefined ? {} : { columns });
  text = '';
  stream.on('data', (chunk: string) => {
    text += chunk;
  });
  reporter = await openReporter({ kind, stream, columns: 80, color: false, nowMs: () => Date.now(), spell: spellHere });
  return (events: ProgressEvent[]) => {
    for (const event of events) reporter.event(event);
  };
}
/** A stream hands on what was written a turn later. */
const lines = async () => {
  await vi.advanceTimersByTimeAsync(0);
  return text.split('\n').slice(0, -1);
};

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-06-01T10:00:00Z') });
});
afterEach(async () => {
  await reporter.close();
  vi.useRealTimers();
});

describe('on a terminal', () => {
  it.each(['plain', 'sparing'] as const)('%s progress breaks between words, and no command', async (kind) => {
    const play = await open(kind, 80);
    const message = `0/1 nodes are available: ${'1 Insufficient cpu, '.repeat(9)}no victims found`;
    const suggestion = { ...ws`up --cpu 1`, workspace: 'a-name-that-is-long', place: { namespace: 'n'.repeat(63) } };
    const trouble = { kind: 'trouble', code: 'NODE_CPU', reason: 'Unschedulable', message, suggestion } as const;
    play([
      { type: 'started', step: 'ready' },
      { type: 'advanced', step: 'ready', fact: { kind: 'scheduling', message } },
      { type: 'noticed', level: 'warning', notice: { ...trouble, evidence: [`Scheduler: ${message}`] } },
    ]);
    const told = await lines();
    const [wide, ...others] = told.filter((line) => line.length > 80);
    expect([wide, others]).toEqual([expect.stringMatching(/^ {2}ws up .* --cpu 1/), []]);
    const words = new Set(told.join(' ').split(/\s+/));
    for (const word of message.split(' ')) expect(words).toContain(word);
  });
});

describe('progress in a log', () => {
  it('is a line a change', async () => {
    const play = await open('plain');
    play([
      { type: 'planned', workspace: 'dev', steps: ['release', 'ready'] },
      { type: 'started', step: 'release' },
      {
        type: 'finished',
        step: 'release',
        fact: { kind: 'release', release: 'ws-dev', revision: 1, change: 'installed' },
      },
      { type: 'started', step: 'ready' },
      { type: 'advanced', step: 'ready', fact: { kind: 'pulling', image: 'ws:1' } },
      { type: 'finished', step: 'ready' },
    ]);
    expect(await lines()).toEqual([
      'Installed: ws-dev, revision 1',
      '  Waiting for the workspace: pulling ws:1',
      'Workspace ready',
    ]);
  });

  it('says nothing twice in a row', async () => {
    const play = await open('plain');
    const again: ProgressEvent = { type: 'advanced', step: 'ready', fact: { kind: 'probing' } };
    play([{ type: 'started', step: 'ready' }, again, again, again]);
    expect(await lines()).toEqual(['  Waiting for the workspace: the server is starting']);
  });

  it('marks warnings and puts the advice below', async () => {
    const play = await open('plain');
    play([
      {
        type: 'noticed',
        level: 'warning',
        notice: {
          kind: 'trouble',
          code: 'IMAGE_TAG',
          reason: 'ErrImagePull',
          message: 'not found',
          evidence: ['Node: 404'],
          suggestion: { ...ws`up --image X`, note: 'or load it' },
        },
      },
      { type: 'noticed', level: 'info', notice: { kind: 'text', text: 'hello' } },
    ]);
    expect(await lines()).toEqual([
      'Note: ErrImagePull: not found',
      '  Node: 404',
      '  ws up --image X',
      '    or load it',
      'hello',
    ]);
  });

  it('shows every ten seconds that nothing hangs, and what is waited for', async () => {
    const play = await open('plain');
    play([{ type: 'started', step: 'ready' }]);
    await vi.advanceTimersByTimeAsync(10_000);
    play([{ type: 'advanced', step: 'ready', fact: { kind: 'scheduling', message: undefined } }]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await lines()).toEqual([
      '  still waiting for the workspace (10 s)',
      '  Waiting for the workspace: looking for a node',
      '  still waiting for the workspace (20 s): looking for a node',
      '  still waiting for the workspace (30 s): looking for a node',
    ]);
  });

  it('is silent between steps and after its end', async () => {
    const play = await open('plain');
    play([
      { type: 'started', step: 'ready' },
      { type: 'finished', step: 'ready' },
    ]);
    await vi.advanceTimersByTimeAsync(30_000);
    play([{ type: 'started', step: 'connect' }]);
    await reporter.close();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await lines()).toEqual(['Workspace ready']);
  });

  it('stays a line a change, and harmless, whatever the cluster says', async () => {
    const play = await open('plain');
    const message = 'no\nnode\x1b[2J\x1b]0;title\x07 \x9b31mhere\r!';
    play([
      { type: 'started', step: 'ready' },
      { type: 'advanced', step: 'ready', fact: { kind: 'scheduling', message } },
      {
        type: 'noticed',
        level: 'warning',
        notice: { kind: 'trouble', code: 'C', reason: 'R', message, evidence: [], suggestion: undefined },
      },
    ]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await lines()).toHaveLength(3);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    expect(text).toMatch(/no node here !/);
  });
});

describe('progress for programs', () => {
  it('is an event a line, with version and time', async () => {
    const play = await open('json');
    play([
      { type: 'started', step: 'ready' },
      { type: 'advanced', step: 'ready', fact: { kind: 'scheduling', message: 'a\nb' } },
    ]);
    const documents = (await lines()).map((line) => JSON.parse(line) as object);
    expect(documents).toEqual([
      { v: 1, time: '2026-06-01T10:00:00.000Z', type: 'started', step: 'ready' },
      {
        v: 1,
        time: '2026-06-01T10:00:00.000Z',
        type: 'advanced',
        step: 'ready',
        fact: { kind: 'scheduling', message: 'a\nb' },
      },
    ]);
  });

  it('holds nothing but events: a failure is the document on stdout', async () => {
    await open('json');
    reporter.fail(new Error('x'));
    await reporter.close();
    expect(await lines()).toEqual([]);
  });
});

it('plain progress says what was interrupted, and nothing of a failure or of what was done', async () => {
  const play = await open('plain');
  play([{ type: 'started', step: 'ready' }]);
  reporter.fail(new Error('x'));
  expect(await lines()).toEqual([]);
  reporter.fail(interrupted());
  expect(await lines()).toEqual(['Waiting for the workspace: interrupted']);
  play([{ type: 'finished', step: 'ready' }]);
  reporter.fail(interrupted());
  expect(await lines()).toEqual(['Waiting for the workspace: interrupted', 'Workspace ready']);
});

describe('a login', () => {
  const TROUBLE: ProgressEvent = {
    type: 'noticed',
    level: 'warning',
    notice: {
      ...{ kind: 'trouble', code: 'VOLUME_UNMADE', reason: 'ProvisioningFailed', message: 'no room' },
      ...{ evidence: ['claim ws-dev-home: 1Gi'], suggestion: undefined },
    },
  };
  const AWAITED: ProgressEvent[] = [
    { type: 'planned', workspace: 'dev', steps: ['find', 'ready', 'host-key', 'connect'] },
    { type: 'finished', step: 'find', fact: { kind: 'found', workspace: 'dev', pod: undefined, ready: false } },
    { type: 'started', step: 'ready' },
    { type: 'advanced', step: 'ready', fact: { kind: 'pod-awaited' } },
  ];

  it('says once what it waits for, and each cause at once', async () => {
    const play = await open('sparing');
    play([...AWAITED, TROUBLE, { type: 'advanced', step: 'ready', fact: { kind: 'starting' } }]);
    const said = [
      'Waiting for the workspace: no pod yet',
      'Note: ProvisioningFailed: no room',
      '  claim ws-dev-home: 1Gi',
    ];
    expect(await lines()).toEqual(said);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await lines()).toEqual(said);
  });

  it('says what it waits for where nothing is wrong and it takes its time', async () => {
    const play = await open('sparing');
    play(AWAITED);
    expect(await lines()).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await lines()).toEqual(['Waiting for the workspace: no pod yet']);
  });

  it('says nothing where it need not wait', async () => {
    const play = await open('sparing');
    play([...AWAITED, { type: 'finished', step: 'ready' }, { type: 'started', step: 'connect' }]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await lines()).toEqual([]);
  });
});

it('says nothing at all when it is to be quiet', async () => {
  const play = await open('quiet');
  play([
    { type: 'started', step: 'ready' },
    { type: 'noticed', level: 'warning', notice: { kind: 'text', text: 'x' } },
  ]);
  reporter.fail(new Error('x'));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await lines()).toEqual([]);
});
