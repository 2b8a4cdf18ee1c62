/** A job that a shell has put into the background draws over nobody. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProgressEvent } from '../../../../src/workspace/state/events.ts';
import { spellHere } from '../../../spelling.ts';
import { Screen } from '../screen.ts';

// Ink looks at these when it is loaded: in CI it would write nothing but its last frame.
vi.hoisted(() => {
  for (const name of Object.keys(process.env))
    if (/^(CI|CONTINUOUS_INTEGRATION|CI_.*|NO_COLOR)$/.test(name)) delete process.env[name];
});
const { createPatientReporter } = await import('../../../../src/report/progress/patient-reporter.ts');
const { openForwardTable } = await import('../../../../src/report/progress/forward-table.tsx');

const NEWS: ProgressEvent[] = [
  { type: 'planned', workspace: 'dev', steps: ['ready', 'connect'] },
  { type: 'started', step: 'ready' },
  { type: 'advanced', step: 'ready', fact: { kind: 'pod-awaited' } },
  { type: 'finished', step: 'ready', fact: { kind: 'pod-ready', pod: 'ws-dev-1', node: 'node-1' } },
  { type: 'started', step: 'connect' },
];

interface Live {
  event(event: ProgressEvent): void;
  close(): Promise<void>;
}

function open(kind: string, screen: Screen, isShown: () => boolean): Live {
  const options = { stream: screen, nowMs: Date.now, spell: spellHere, isShown };
  if (kind === 'forwards') return openForwardTable({ forwards: [], ...options });
  return createPatientReporter({ kind: 'live', columns: 80, color: false, ...options });
}

/** Whatever moves the cursor, or writes over what stands there. */
const MOVES = /\x1b\[(?!\?25h)|\r(?!\n)/;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe.each(['checklist', 'forwards'])('a job in the background: %s', (kind) => {
  function start(isInForeground: boolean) {
    const place = { isInForeground };
    const screen = new Screen();
    const write = vi.spyOn(screen, 'write');
    const live = open(kind, screen, () => place.isInForeground);
    // What draws is loaded when there is something to wait for, which no clock of a test hurries.
    const settle = async () => {
      await vi.advanceTimersByTimeAsync(400);
      await vi.dynamicImportSettled();
      await vi.advanceTimersByTimeAsync(1100);
    };
    const takeWritten = () => {
      const text = write.mock.calls.map(([chunk]) => String(chunk)).join('');
      write.mockClear();
      return text;
    };
    return { place, screen, live, settle, takeWritten };
  }

  it('says lines and moves no cursor', async () => {
    const { live, settle, takeWritten } = start(false);
    for (const event of NEWS) live.event(event);
    await settle();
    await live.close();
    const text = takeWritten();
    expect(text).toContain('Workspace ready: pod ws-dev-1 on node-1\n');
    expect(text).not.toMatch(MOVES);
    expect(text).not.toContain('Ctrl-C');
  });

  it('stops drawing when it goes there, and draws below what others printed when it comes back', async () => {
    const { place, screen, live, settle, takeWritten } = start(true);
    for (const event of NEWS.slice(0, 3)) live.event(event);
    await settle();
    expect(takeWritten()).toMatch(MOVES);
    place.isInForeground = false;
    screen.write('\n$ a line of somebody else\n');
    await settle();
    for (const event of NEWS.slice(3)) live.event(event);
    await settle();
    expect(takeWritten()).not.toMatch(MOVES);
    expect(screen.isCursorHidden).toBe(false);
    place.isInForeground = true;
    await settle();
    await live.close();
    expect(screen.text).toContain('$ a line of somebody else\n');
    expect(screen.text).toContain('Workspace ready: pod ws-dev-1 on node-1');
  });
});
