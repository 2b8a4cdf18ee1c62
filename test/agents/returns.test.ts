/** Sessions come back: ends of the pod of each kind, at any moment, with six panes of which two are agents. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quantile } from '../bench/measure.ts';
import { eventually, type Release } from '../e2e/operator/release.ts';
import { Stage } from '../e2e/support/stage.ts';
import { keepFigure, times } from '../figures/figures.ts';
import { ENDS, type End } from './stage/ends.ts';
import {
  CONVERSATIONS,
  goOnTicking,
  listConversations,
  makeSixPanes,
  readLostSeconds,
  readShape,
} from './stage/six-panes.ts';

const PANES = 6;
const ROUNDS = times(25);
const WORKSPACES = Math.min(4, ROUNDS);

interface Return {
  end: End;
  panes: number;
  conversations: number;
  lostSeconds: number;
  /** From ready until the last pane has its prompt or its agent. */
  seconds: number;
}

let stage: Stage;
const releases: Release[] = [];
const returns: Return[] = [];

beforeAll(async () => {
  stage = new Stage('returns');
  for (let n = 1; n <= WORKSPACES; n += 1) {
    const release = stage.release(`ws-returns-${n}`);
    await release.apply({
      home: { type: 'claim', storageClass: 'ws-local', size: '5Gi' },
      resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '2Gi' } },
    });
    await makeSixPanes(release);
    releases.push(release);
  }
});
afterAll(() => {
  if (returns.length > 0) keepFigures();
  stage?.[Symbol.dispose]();
});

it.each(Array.from({ length: ROUNDS }, (_, at) => at))(
  'the six panes are back after each end, round %i',
  async (round) => {
    for (const [at, end] of ENDS.entries()) {
      // Another workspace each time, and another kind of end for it: so none waits for Kubernetes, which starts what crashes
      // later each time.
      const release = releases[(round + at) % releases.length] as Release;
      // The server saves every ten seconds, and nobody waits for that.
      await sleep(Math.random() * 10_000);
      returns.push(await makeReturn(release, end));
    }
    for (const { end, panes, conversations, lostSeconds } of returns.slice(-ENDS.length)) {
      expect([panes, conversations], end.name).toEqual([PANES, CONVERSATIONS.length]);
      expect(lostSeconds, end.name).toBeLessThanOrEqual(toMostLost(end));
    }
  },
);

/** Seconds. The last line of a terminal and that of a file are not written at once. */
const toMostLost = ({ isAsked }: End) => (isAsked ? 0.1 : 10);

async function makeReturn(release: Release, end: End): Promise<Return> {
  const before = readShape(release);
  const server = findStart(release);
  end.make(release);
  const log = await eventually(
    () => readLog(release),
    (lines) => find(lines, 'sessions.prompted') !== undefined && find(lines, 'server.ready')?.['time'] !== server,
    180_000,
  );
  const seconds = (toMs(find(log, 'sessions.prompted')) - toMs(find(log, 'server.ready'))) / 1000;
  await release.connect();
  const lostSeconds = readLostSeconds(release);
  const shape = readShape(release);
  const panes = before.filter((pane, at) => shape[at] === pane).length;
  const all = CONVERSATIONS.length;
  const conversations = await eventually(
    () => listConversations(release).length,
    (found) => found === all,
    30_000,
  ).catch(() => listConversations(release).length);
  goOnTicking(release);
  return { end, panes, conversations, lostSeconds, seconds };
}

type Line = Record<string, unknown>;

const find = (log: Line[], event: string) => log.find((line) => line['event'] === event);
const toMs = (line: Line | undefined) => Date.parse(String(line?.['time']));
const findStart = (release: Release) => find(readLog(release), 'server.ready')?.['time'];

/** Empty while there is no container to ask. */
function readLog(release: Release): Line[] {
  try {
    return release.log();
  } catch {
    return [];
  }
}

function keepFigures(): void {
  const count = returns.length;
  const whole = returns.filter(({ panes }) => panes === PANES).length;
  keepFigure('agents', {
    what: `Ends of a pod with six panes: ${ENDS.map(({ name }) => name).join(', ')}, ${count / ENDS.length} each`,
    goal: 'all panes back, with size, layout and folder',
    figure: `${whole} of ${count}`,
    isMet: whole === count,
  });
  for (const isAsked of [true, false]) {
    const ofKind = returns.filter(({ end }) => end.isAsked === isAsked);
    const lost = ofKind.map(({ lostSeconds }) => lostSeconds);
    const most = Math.max(...lost);
    keepFigure('agents', {
      what: isAsked ? 'Output lost where the pod is asked to end (delete, drain)' : 'Output lost where it is killed',
      goal: isAsked ? 'none' : 'at most 10 s',
      figure: `${most.toFixed(1)} s at most in ${lost.length}`,
      isMet: ofKind.every(({ end, lostSeconds }) => lostSeconds <= toMostLost(end)),
    });
  }
  const seconds = returns.map((each) => each.seconds).sort((a, b) => a - b);
  const p95 = quantile(seconds, 0.95);
  keepFigure('agents', {
    what: 'From ready until the last pane has its prompt or its agent',
    goal: 'p95 at most 3 s',
    figure: `p50 ${quantile(seconds, 0.5).toFixed(1)} s, p95 ${p95.toFixed(1)} s`,
    isMet: p95 <= 3,
  });
  const expected = count * CONVERSATIONS.length;
  const taken = returns.reduce((sum, { conversations }) => sum + conversations, 0);
  keepFigure('agents', {
    what: 'Conversations that Claude Code and Codex took up again by the right ID (planted transcripts, no account)',
    goal: 'at least 98 %',
    figure: `${taken} of ${expected}`,
    isMet: taken >= expected * 0.98,
  });
}
