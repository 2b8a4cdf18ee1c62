/**
 * A failure's reason is on the screen, every word of it, whatever the width; and without the signs, every screen is
 * ASCII but for the user's own text.
 */
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatFinding } from '../../../../src/report/findings.ts';
import { toSaid } from '../../../../src/report/leaving.ts';
import { formatError } from '../../../../src/report/results/error-screen.ts';
import { formatHomes, formatKeys, formatStatus, formatWorkspaces } from '../../../../src/report/results/lists.ts';
import { formatSettings } from '../../../../src/report/results/settings-list.ts';
import { chooseSigns } from '../../../../src/report/signs.ts';
import { listSettings } from '../../../../src/workspace/choices/known-settings.ts';
import { failure } from '../../../../src/workspace/errors/errors.ts';
import { ws } from '../../../../src/workspace/errors/suggestion.ts';
import type { Forward } from '../../../../src/workspace/forwards/forward.ts';
import { EMPTY_PROGRESS, type ProgressEvent, reduce, reduceFailure } from '../../../../src/workspace/state/events.ts';
import type { Home } from '../../../../src/workspace/state/homes.ts';
import { toInfo } from '../../../../src/workspace/state/info.ts';
import { spellHere } from '../../../spelling.ts';
import { claimHome, pendingPod, snapshot, waiting } from '../../workspace/snapshots.ts';
import { Screen } from '../screen.ts';

// Ink looks at these when it is loaded: in CI it would write nothing but its last frame.
vi.hoisted(() => {
  for (const name of Object.keys(process.env))
    if (/^(CI|CONTINUOUS_INTEGRATION|CI_.*|NO_COLOR)$/.test(name)) delete process.env[name];
});
const TROUBLE = { kind: 'trouble', code: 'X', reason: 'Failed', suggestion: ws`up` } as const;

const { createLiveReporter } = await import('../../../../src/report/progress/live-reporter.tsx');
const { toFinishedLines } = await import('../../../../src/report/progress/finished-lines.ts');
const { openForwardTable } = await import('../../../../src/report/progress/forward-table.tsx');

afterEach(() => chooseSigns(true));

const NOW = Date.parse('2026-06-01T13:00:00Z');
const PLACE = { context: 'kind', namespace: 'team' };
const width = fc.integer({ min: 40, max: 200 });
const reason = fc
  .array(fc.stringMatching(/^[a-z0-9:./-]{1,14}$/), { minLength: 1, maxLength: 30 })
  .map((words) => words.map((word, index) => `${index}${word}`).join(' '));

/** All words of a text as they stand on the screen, which may have broken lines anywhere between two. */
function expectWords(screen: string, text: string): void {
  const shown = ` ${stripVTControlCharacters(screen).replaceAll(/\s+/g, ' ')} `;
  for (const word of text.split(' ')) expect(shown).toContain(` ${word} `);
}

type Show = (text: string, columns: number) => string | Promise<string>;

function failing(message: string) {
  return toInfo(
    snapshot({
      name: 'a-rather-long-name',
      home: claimHome(),
      pod: pendingPod({ container: waiting('ImagePullBackOff', message) }),
    }),
    'kind',
  );
}

const waitingStep = (message: string): ProgressEvent[] => [
  { type: 'planned', workspace: 'dev', steps: ['preflight', 'ready', 'connect'] },
  { type: 'started', step: 'ready' },
  { type: 'advanced', step: 'ready', fact: { kind: 'scheduling', message } },
];

async function drawLive(text: string, columns: number, hasFailed: boolean): Promise<string> {
  const screen = new Screen(columns, 200);
  let nowMs = 0;
  const options = {
    kind: 'live',
    stream: screen,
    columns,
    color: false,
    nowMs: () => nowMs,
    spell: spellHere,
  } as const;
  const reporter = createLiveReporter(options);
  for (const event of waitingStep(text)) reporter.event(event);
  nowMs = 5000;
  if (hasFailed) reporter.fail(new Error('x'));
  await reporter.close();
  return screen.text;
}

const FORWARD = {
  mapping: undefined,
  info: { kind: 'local', address: '127.0.0.1', port: 43_000, remoteHost: 'localhost', remotePort: 3000 },
  listener: { counters: { open: 1, total: 2, bytesUp: 2048, bytesDown: 5_000_000, failures: 1 } },
} as unknown as Forward;

async function drawForward(text: string, columns: number): Promise<string> {
  const screen = new Screen(columns, 200);
  const table = openForwardTable({ forwards: [FORWARD], stream: screen, nowMs: () => 0, spell: spellHere });
  const ends = { local: 'localhost:43000', remote: 'localhost:3000', leadsTo: 'workspace' as const };
  table.event({ type: 'noticed', level: 'warning', notice: { kind: 'forward-failed', ...ends, reason: text } });
  table.event({ type: 'started', step: 'connect' });
  table.event({ type: 'advanced', step: 'connect', fact: { kind: 'reconnecting', attempt: 2, reason: 'gone' } });
  await table.close();
  return screen.text;
}

const status = { hostKeyFingerprint: 'SHA256:x', service: undefined, cpu: undefined, memory: undefined };
const error = (text: string) =>
  failure('WORKSPACE_FAILED', { message: 'It failed', reason: text, suggestions: [{ ...ws`up`, note: 'again' }] });

const SCREENS: Record<string, Show> = {
  'the error screen': (text, columns) =>
    formatError(error(text), { columns, color: true, debug: false, spell: spellHere }),
  'a step of the checklist that waits': (text, columns) => drawLive(text, columns, false),
  'a step of the checklist that failed': (text, columns) => drawLive(text, columns, true),
  'the lines of a checklist that nobody saw': (text, columns) => {
    const now = waitingStep(text).reduce((state, event) => reduce(state, event, 0), EMPTY_PROGRESS);
    return toFinishedLines(reduceFailure(now, error('x'), 0), { columns, color: true, spell: spellHere }).join('\n');
  },
  'a step and the notice about it': (text, columns) => {
    const notice = {
      kind: 'trouble',
      code: 'NODE_CPU',
      reason: 'Unschedulable',
      message: `No node: ${text}`,
      evidence: [text],
      suggestion: ws`up`,
    } as const;
    const events: ProgressEvent[] = [...waitingStep(text), { type: 'noticed', level: 'warning', notice }];
    const now = events.reduce((state, event) => reduce(state, event, 0), EMPTY_PROGRESS);
    return toFinishedLines(now, { columns, color: true, spell: spellHere }).join('\n');
  },
  'a notice of the checklist': (text, columns) => {
    const notice = { ...TROUBLE, message: text, evidence: [text] } as const;
    const state = reduce(EMPTY_PROGRESS, { type: 'noticed', level: 'warning', notice }, 0);
    return toFinishedLines(state, { columns, color: true, spell: spellHere }).join('\n');
  },
  'the table of ws forward': drawForward,
  'ws status': (text, columns) =>
    formatStatus({ ...failing(text), ...status, warnings: [] } as never, {
      width: columns,
      color: false,
      nowMs: NOW,
      spell: spellHere,
    }),
  'a warning of ws status': (text, columns) => {
    const warning = { type: 'Warning', reason: 'Failed', message: text, object: 'Pod/x', at: '2026-06-01T12:59:30Z' };
    return formatStatus({ ...failing('x'), ...status, warnings: [warning] } as never, {
      width: columns,
      color: false,
      nowMs: NOW,
      spell: spellHere,
    });
  },
  'ws doctor': (text, columns) =>
    formatFinding(
      { check: 'permissions', verdict: 'bad', detail: text, suggestion: ws`up` },
      { width: columns, color: true, spell: spellHere },
    ),
  'ws ls': (text, columns) =>
    `${formatWorkspaces(
      [{ ...failing('x'), trouble: { code: 'X', reason: text, message: '', evidence: [], suggestion: undefined } }],
      {
        width: columns,
        color: false,
        nowMs: NOW,
        allNamespaces: true,
        usage: true,
      },
    )}`,
  'ws homes ls': (text, columns) =>
    formatHomes([{ claim: 'c', workspace: 'w', user: 'u', state: 'in use', usedBy: [text] } as unknown as Home], {
      width: columns,
      color: false,
      nowMs: NOW,
      place: PLACE,
      spell: spellHere,
    }),
};

describe.each(Object.entries(SCREENS))('%s', (_name, show) => {
  it('has every word of a reason at any width', async () => {
    await fc.assert(
      fc.asyncProperty(reason, width, async (text, columns) => expectWords(await show(text, columns), text)),
      { numRuns: 40 },
    );
  });

  it('is no wider than the terminal while the words are not', async () => {
    await fc.assert(
      fc.asyncProperty(reason, width, async (text, columns) => {
        const lines = stripVTControlCharacters(await show(text, columns)).split('\n');
        // A command stays on one line, to be copied; so does a page's address.
        const wide = lines.filter((line) => line.length > columns && !/\bws (?:up|ssh|status)\b|docs\//.test(line));
        expect(wide).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('is ASCII where the terminal has no signs', async () => {
    chooseSigns(false);
    for (const columns of [40, 80, 200])
      expect(toSaid(await show('so it is', columns))).toMatch(/^[\x09\x0a\x1b\x20-\x7e]*$/);
  });
});

describe('lists without signs', () => {
  it('are ASCII', () => {
    chooseSigns(false);
    const options = { width: 80, color: false, nowMs: NOW, place: PLACE, spell: spellHere };
    const keys = [{ type: 'ssh-ed25519', comment: '', fingerprint: 'SHA256:x' }];
    const texts = [
      formatKeys(keys, options),
      formatHomes([{ workspace: 'w', user: 'u', state: 'kept', usedBy: [] } as unknown as Home], options),
      formatSettings(listSettings({}, {}), options),
    ];
    for (const text of texts) expect(toSaid(text)).toMatch(/^[\x09\x0a\x20-\x7e]*$/);
  });
});
