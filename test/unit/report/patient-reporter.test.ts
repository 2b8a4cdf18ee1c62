import { describe, expect, it, vi } from 'vitest';
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
const { createPatientReporter } = await import('../../../src/report/progress/patient-reporter.ts');

const QUICK: ProgressEvent[] = [
  { type: 'planned', workspace: 'dev', steps: ['ready', 'host-key', 'connect'] },
  { type: 'started', step: 'ready' },
  {
    type: 'finished',
    step: 'ready',
    fact: { kind: 'pod-ready', pod: 'ws-dev-84c67b7d9c-wvlh4', node: 'a-node-with-a-long-name.example.com' },
  },
  { type: 'started', step: 'host-key' },
  { type: 'finished', step: 'host-key', fact: { kind: 'host-key', fingerprint: 'SHA256:x', change: 'known' } },
  { type: 'started', step: 'connect' },
];
const CONNECTED: ProgressEvent = { type: 'finished', step: 'connect', fact: { kind: 'connected' } };
const RESTORED: ProgressEvent = {
  type: 'noticed',
  level: 'info',
  notice: { kind: 'connection-restored', afterMs: 400 },
};
const WARNING: ProgressEvent = { type: 'noticed', level: 'warning', notice: { kind: 'home-lost-with-pod' } };

type Create = typeof createPatientReporter;

async function play(create: Create, columns: number, color: boolean, events: ProgressEvent[], fails = false) {
  const screen = new Screen(columns);
  const reporter = create({ kind: 'live', stream: screen, columns, color, nowMs: () => 0, spell: spellHere });
  for (const event of events) reporter.event(event);
  if (fails) reporter.fail(new Error('x'));
  await reporter.close();
  return screen;
}

describe('what is over before it could be watched', () => {
  it.each<[string, ProgressEvent[], boolean]>([
    ['when it went well', [...QUICK, CONNECTED], false],
    ['when it failed', QUICK, true],
    ['with something to be known', [...QUICK, CONNECTED, RESTORED], false],
    ['with nothing begun', QUICK.slice(0, 1), false],
  ])('leaves the lines that the live checklist leaves, %s', async (_name, events, fails) => {
    for (const columns of [40, 80, 200])
      for (const color of [true, false]) {
        const [live, patient] = await Promise.all([
          play(createLiveReporter, columns, color, events, fails),
          play(createPatientReporter, columns, color, events, fails),
        ]);
        if (color) expect(patient.styled).toBe(live.styled);
        else expect(patient.text).toBe(live.text);
      }
  });

  it('never hides the cursor, and has no styles where none are wanted', async () => {
    const screen = await play(createPatientReporter, 80, false, [...QUICK, CONNECTED]);
    expect(screen.styled).toBe(screen.text);
    expect(screen.isCursorHidden).toBe(false);
  });
});

describe('a question that is asked before anything happens', () => {
  it('has the screen for itself, however long it takes', async () => {
    const screen = new Screen(80);
    const options = {
      kind: 'live',
      stream: screen,
      columns: 80,
      color: false,
      nowMs: () => 0,
      spell: spellHere,
    } as const;
    vi.useFakeTimers();
    const reporter = createPatientReporter(options);
    try {
      await vi.advanceTimersByTimeAsync(10_000);
      await reporter.suspend();
      reporter.resume();
      await vi.advanceTimersByTimeAsync(10_000);
      expect(screen.isCursorHidden).toBe(false);
    } finally {
      vi.useRealTimers();
    }
    await reporter.close();
    expect(screen.styled).toBe('');
  });
});

describe('what there is to wait for', () => {
  it('is drawn before it is over, from where it stands by then', async () => {
    const screen = new Screen(80);
    const reporter = createPatientReporter({
      kind: 'live',
      stream: screen,
      columns: 80,
      color: false,
      nowMs: () => 0,
      spell: spellHere,
    });
    for (const event of QUICK) reporter.event(event);
    expect(screen.text).toBe('');
    await vi.waitFor(() => expect(screen.text).toMatch(/✓ Workspace ready .*\n✓ Host key .*\n● Connecting/), 120_000);
    reporter.event(CONNECTED);
    await reporter.close();
    expect(screen.text).toMatch(/✓ Connected$/);
  });

  it('knows what failed, and how long each step took, while what draws was still loading', async () => {
    let now = 0;
    const hushed = Promise.withResolvers<() => Promise<void>>();
    const show = async (create: Create, hush: (() => Promise<() => Promise<void>>) | undefined) => {
      now = 0;
      const screen = new Screen(80);
      const options = { kind: 'live', stream: screen, columns: 80, color: false, nowMs: () => now } as const;
      const reporter = create({ ...options, spell: spellHere, ...(hush === undefined ? {} : { hush }) });
      for (const event of [WARNING, ...QUICK]) {
        reporter.event(event);
        now += 20_000;
      }
      reporter.fail(new Error('x'));
      hushed.resolve(async () => undefined);
      await reporter.close();
      return screen.text;
    };
    const late = await show(createPatientReporter, () => hushed.promise);
    expect(late).toContain('✗');
    expect(late).toBe(await show(createLiveReporter, undefined));
  });

  it('is drawn at once when there is a warning', async () => {
    const screen = await play(createPatientReporter, 80, false, [...QUICK.slice(0, 3), WARNING]);
    expect(screen.text).toMatch(/✓ Workspace ready .*\n! The home is lost/);
  });
});

describe('the keyboard', () => {
  const make = () => {
    const log: string[] = [];
    const hush = async () => {
      log.push('hush');
      return async () => void log.push('end');
    };
    const options = { kind: 'live', stream: new Screen(80), columns: 80, color: false, nowMs: () => 0 } as const;
    return { log, reporter: createPatientReporter({ ...options, spell: spellHere, hush }) };
  };

  it('is quiet as long as something is drawn, and never else', async () => {
    const { log, reporter } = make();
    reporter.event(WARNING);
    await vi.waitFor(() => expect(log).toEqual(['hush']), 120_000);
    await reporter.suspend();
    expect(log).toEqual(['hush', 'end']);
    reporter.resume();
    await vi.waitFor(() => expect(log).toEqual(['hush', 'end', 'hush']), 120_000);
    await reporter.close();
    expect(log).toEqual(['hush', 'end', 'hush', 'end']);
    const quick = make();
    for (const event of [...QUICK, CONNECTED]) quick.reporter.event(event);
    await quick.reporter.close();
    expect(quick.log).toEqual([]);
  });
});
