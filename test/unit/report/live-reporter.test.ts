import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { interrupted } from '../../../src/workspace/errors/errors.ts';
import { ws } from '../../../src/workspace/errors/suggestion.ts';
import type { ProgressEvent } from '../../../src/workspace/state/events.ts';
import { spellHere } from '../../spelling.ts';
import { Screen } from './screen.ts';

// Ink looks at these when it is loaded: in CI it would write nothing but its last frame.
vi.hoisted(() => {
  for (const name of Object.keys(process.env))
    if (/^(CI|CONTINUOUS_INTEGRATION|CI_.*|NO_COLOR)$/.test(name)) delete process.env[name];
  process.env.FORCE_COLOR = '1';
});
const { createLiveReporter } = await import('../../../src/report/progress/live-reporter.tsx');

const START: ProgressEvent[] = [
  { type: 'planned', workspace: 'dev', steps: ['preflight', 'release', 'ready', 'connect'] },
  { type: 'started', step: 'preflight' },
  {
    type: 'finished',
    step: 'preflight',
    fact: { kind: 'cluster', context: 'kind', namespace: 'team', version: 'v1.37.2' },
  },
  { type: 'started', step: 'release' },
  { type: 'finished', step: 'release', fact: { kind: 'release', release: 'ws-dev', revision: 1, change: 'installed' } },
  { type: 'started', step: 'ready' },
  {
    type: 'advanced',
    step: 'ready',
    fact: { kind: 'scheduling', message: '0/3 nodes are available: 3 Insufficient memory, preemption is not helpful' },
  },
  {
    type: 'noticed',
    level: 'warning',
    notice: {
      kind: 'trouble',
      code: 'NODE_MEMORY',
      evidence: [],
      reason: 'Unschedulable',
      message: 'No node takes the pod: 0/3 nodes are available: 3 Insufficient memory.',
      suggestion: { ...ws`up --cpu 500m --memory 1Gi`, note: 'asks for less; or wait for a node' },
    },
  },
];
const END: ProgressEvent[] = [
  { type: 'finished', step: 'ready', fact: { kind: 'pod-ready', pod: 'ws-dev-1', node: 'node-1' } },
  { type: 'started', step: 'connect' },
  { type: 'finished', step: 'connect', fact: { kind: 'connected' } },
];

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function open(columns: number, color: boolean) {
  const screen = new Screen(columns);
  let nowMs = 0;
  const reporter = createLiveReporter({
    kind: 'live',
    stream: screen,
    columns,
    color,
    nowMs: () => nowMs,
    spell: spellHere,
  });
  const play = (events: ProgressEvent[]) => {
    for (const event of events) {
      nowMs += 1000;
      reporter.event(event);
    }
  };
  /** It draws at most so often; a person sees the newest frame a moment later. */
  const settle = () => vi.advanceTimersByTimeAsync(250);
  return { screen, reporter, play, settle, pass: (ms: number) => (nowMs += ms) };
}

async function drawMiddle(columns: number, color: boolean): Promise<string> {
  const { screen, reporter, play, settle } = open(columns, color);
  play(START);
  await settle();
  const picture = color ? screen.styled : screen.text;
  await reporter.close();
  return picture;
}

describe('the checklist while it runs', () => {
  it('shows what is done, what it waits for and what comes, on 80 columns', async () => {
    expect(await drawMiddle(80, false)).toMatchInlineSnapshot(`
      "✓ Cluster and permissions  kind, namespace team, Kubernetes v1.37.2
      ✓ Installed  ws-dev, revision 1
      ● Waiting for the workspace  no node yet: 0/3 nodes are available: 3  2 s
        Insufficient memory, preemption is not helpful
      ○ Connecting
      ! Unschedulable: No node takes the pod: 0/3 nodes are available: 3 Insufficient
        memory.
        ws up --cpu 500m --memory 1Gi
          asks for less; or wait for a node"
    `);
  });

  it('cuts neither what it waits for nor the time and the advice, on 60 columns', async () => {
    expect(await drawMiddle(60, false)).toMatchInlineSnapshot(`
      "✓ Cluster and permissions  kind, namespace team, Kubernetes…
      ✓ Installed  ws-dev, revision 1
      ● Waiting for the workspace  no node yet: 0/3 nodes are  2 s
        available: 3 Insufficient memory, preemption is not
        helpful
      ○ Connecting
      ! Unschedulable: No node takes the pod: 0/3 nodes are
        available: 3 Insufficient memory.
        ws up --cpu 500m --memory 1Gi
          asks for less; or wait for a node"
    `);
  });

  it('has room for all of it on 200 columns', async () => {
    expect(await drawMiddle(200, false)).toMatchInlineSnapshot(`
      "✓ Cluster and permissions  kind, namespace team, Kubernetes v1.37.2
      ✓ Installed  ws-dev, revision 1
      ● Waiting for the workspace  no node yet: 0/3 nodes are available: 3 Insufficient memory, preemption is not helpful  2 s
      ○ Connecting
      ! Unschedulable: No node takes the pod: 0/3 nodes are available: 3 Insufficient memory.
        ws up --cpu 500m --memory 1Gi
          asks for less; or wait for a node"
    `);
  });

  it('colours the marks and nothing else', async () => {
    expect(await drawMiddle(80, true)).toMatchInlineSnapshot(`
      "{green}✓{/} Cluster and permissions{dim}  kind, namespace team, Kubernetes v1.37.2{/}
      {green}✓{/} Installed{dim}  ws-dev, revision 1{/}
      {cyan}●{/} Waiting for the workspace{dim}  no node yet: 0/3 nodes are available: 3  2 s{/}
        {dim}Insufficient memory, preemption is not helpful{/}
      ○ {dim}Connecting{/}
      {yellow}!{/} Unschedulable: No node takes the pod: 0/3 nodes are available: 3 Insufficient
        memory.
        {dim}ws up --cpu 500m --memory 1Gi{/}
        {dim}  asks for less; or wait for a node{/}"
    `);
  });

  it('has no colour where none is wanted: the marks say it alone', async () => {
    const { screen, reporter, play, settle } = open(80, false);
    play(START);
    await settle();
    expect(screen.styled).not.toMatch(/\{(red|green|yellow|cyan)\}/);
    await reporter.close();
  });

  it('draws once what happens within a moment, and shows the last of it', async () => {
    const { screen, reporter, play, settle } = open(80, false);
    await settle();
    const frames = vi.spyOn(screen, 'write');
    play(START);
    expect(frames.mock.calls.filter(([text]) => String(text).includes('Cluster'))).toEqual([]);
    await settle();
    expect(screen.text).toContain('Unschedulable');
    expect(frames.mock.calls.filter(([text]) => String(text).includes('Cluster')).length).toBeLessThanOrEqual(2);
    await reporter.close();
  });

  it('moves the clock though nothing happens', async () => {
    const { screen, reporter, play, settle, pass } = open(80, false);
    play([{ type: 'started', step: 'ready' }]);
    pass(61_000);
    await vi.advanceTimersByTimeAsync(600);
    await settle();
    expect(screen.text).toMatch(/1 min 1 s/);
    await reporter.close();
  });
});

describe('the checklist when it is over', () => {
  it('stays on the screen, with the cursor back', async () => {
    const { screen, reporter, play, settle } = open(80, false);
    play(START);
    await settle();
    expect(screen.isCursorHidden).toBe(true);
    play(END);
    await reporter.close();
    expect(screen.isCursorHidden).toBe(false);
    expect(screen.text).toMatchInlineSnapshot(`
      "✓ Cluster and permissions  kind, namespace team, Kubernetes v1.37.2
      ✓ Installed  ws-dev, revision 1
      ✓ Workspace ready  pod ws-dev-1 on node-1  3 s
      ✓ Connected
      ! Unschedulable: No node takes the pod: 0/3 nodes are available: 3 Insufficient
        memory.
        ws up --cpu 500m --memory 1Gi
          asks for less; or wait for a node"
    `);
  });

  it('marks where it failed and leaves out what never began', async () => {
    const { screen, reporter, play } = open(80, false);
    play(START);
    reporter.fail(new Error('x'));
    await reporter.close();
    expect(screen.text).toMatchInlineSnapshot(`
      "✓ Cluster and permissions  kind, namespace team, Kubernetes v1.37.2
      ✓ Installed  ws-dev, revision 1
      ✗ Waiting for the workspace  no node yet: 0/3 nodes are available: 3  2 s
        Insufficient memory, preemption is not helpful
      ! Unschedulable: No node takes the pod: 0/3 nodes are available: 3 Insufficient
        memory.
        ws up --cpu 500m --memory 1Gi
          asks for less; or wait for a node"
    `);
  });

  it('calls interrupted what somebody ended, which is no failure', async () => {
    const { screen, reporter, play } = open(80, false);
    play([
      { type: 'started', step: 'host-key' },
      { type: 'started', step: 'ready' },
      { type: 'advanced', step: 'ready', fact: { kind: 'scheduling', message: 'full' } },
    ]);
    reporter.fail(interrupted());
    await reporter.close();
    expect(screen.text).toMatch(/^– Pinning the host key {2}interrupted\n– Waiting for the workspace {2}interrupted$/);
  });

  it('shows failure in red', async () => {
    const { screen, reporter, play } = open(80, true);
    play([{ type: 'started', step: 'connect' }]);
    reporter.fail(new Error('x'));
    await reporter.close();
    expect(screen.styled).toMatch(/^\{red}✗\{\/} Connecting/);
  });

  it('writes nothing more after it was closed', async () => {
    const { screen, reporter, play } = open(80, false);
    play([{ type: 'started', step: 'ready' }]);
    await reporter.close();
    const { text } = screen;
    await vi.advanceTimersByTimeAsync(700);
    expect(screen.text).toBe(text);
  });
});
