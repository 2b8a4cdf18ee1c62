/** Sessions come back: ends of the pod of each kind, at any moment, with six panes of which two are agents. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quantile } from '../bench/measure.ts';
import { eventually, type Release } from '../e2e/operator/release.ts';
import { readMemory } from '../e2e/support/pod-processes.ts';
import { Stage } from '../e2e/support/stage.ts';
import { keepFigure, times } from '../figures/figures.ts';
import { ENDS, type End, findServer } from './stage/ends.ts';
import {
  awaitConversations,
  CONVERSATIONS,
  goOnTicking,
  listConversations,
  makeSixPanes,
  readLostSeconds,
  readShape,
} from './stage/six-panes.ts';

const PANES = 6;
const ROUNDS = times(25);
/** So many that each has its minute of peace while the others have their turn. */
const WORKSPACES = times(8);
/**
 * What kills a container sooner may be what came back with it, so agents do not start by themselves then. And what is
 * new may not be saved for ten seconds.
 */
const SETTLED_MS = 61_000;

interface Return {
  end: End;
  /** As they came back, where that is another way than they were. */
  changed: string[];
  conversations: string[];
  lostSeconds: number;
  /** From ready until the last pane has its prompt or its agent. */
  seconds: number;
}

let stage: Stage;
const releases: Release[] = [];
const returns: Return[] = [];
const returnedAtMs = new Map<Release, number>();

beforeAll(async () => {
  stage = new Stage('returns');
  for (let n = 1; n <= WORKSPACES; n += 1) {
    const release = stage.release(`ws-returns-${n}`);
    await release.apply({
      home: { type: 'claim', storageClass: 'ws-local', size: '5Gi' },
      ...trustOfThisMachine(),
      resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '2Gi' } },
    });
    await makeSixPanes(release);
    releases.push(release);
    returnedAtMs.set(release, performance.now());
  }
});
/** The way to the packages may lead through a proxy that signs by itself. */
function trustOfThisMachine() {
  const bundle = process.env['NODE_EXTRA_CA_CERTS'];
  return bundle === undefined ? {} : { extraCaCertificates: { pem: readFileSync(bundle, 'utf8') } };
}

afterAll(() => {
  if (returns.length > 0) keepFigures();
  stage?.[Symbol.dispose]();
});

it('the server is small beside six panes', () => {
  const [release] = releases as [Release];
  const { own, all } = readMemory(findServer(release));
  keepFigure('agents', {
    what: "Memory of the workspace's server beside six idle panes",
    goal: 'at most 40 MiB',
    figure: `${own.toFixed(0)} MiB of its own, ${all.toFixed(0)} MiB with the pages of Node's program`,
    isMet: own <= 40,
  });
  expect(own).toBeLessThanOrEqual(40);
});

it.each(Array.from({ length: ROUNDS }, (_, at) => at))(
  'the six panes are back after each end, round %i',
  async (round) => {
    for (const [at, end] of ENDS.entries()) {
      // Another kind of end each time for a workspace: Kubernetes waits longer each time before it starts what crashes.
      const release = releases[(round + 2 * at) % releases.length] as Release;
      const sinceMs = performance.now() - (returnedAtMs.get(release) ?? Number.NEGATIVE_INFINITY);
      if (!end.isAsked && sinceMs < SETTLED_MS) await sleep(SETTLED_MS - sinceMs);
      returns.push(await makeReturn(release, end));
      returnedAtMs.set(release, performance.now());
    }
    for (const { end, changed, conversations, lostSeconds } of returns.slice(-ENDS.length)) {
      expect([changed, conversations], end.name).toEqual([[], CONVERSATIONS]);
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
  const isSame = before.length === PANES && before.join('\n') === shape.join('\n');
  const changed = isSame ? [] : [...before, 'became', ...shape];
  // What an agent needs to start is its own affair; what it was told to go on with is ours.
  const conversations = await awaitConversations(release).catch(() => listConversations(release));
  goOnTicking(release);
  return { end, changed, conversations, lostSeconds, seconds };
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
  const whole = returns.filter(({ changed }) => changed.length === 0).length;
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
  const taken = returns.reduce((sum, { conversations }) => sum + conversations.length, 0);
  keepFigure('agents', {
    what: 'Conversations that Claude Code and Codex took up again by the right ID (planted transcripts, no account)',
    goal: 'at least 98 %',
    figure: `${taken} of ${expected}`,
    isMet: taken >= expected * 0.98,
  });
}
