import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeFact, describeNotice, titleOf } from '../../../src/report/progress/wording.ts';
import { ws } from '../../../src/workspace/errors/suggestion.ts';
import type { Fact, Notice, StepId } from '../../../src/workspace/state/events.ts';

/** One of each, so that a new kind without words does not compile. */
const FACTS: { [Kind in Fact['kind']]: [Extract<Fact, { kind: Kind }>, string] } = {
  cluster: [
    { kind: 'cluster', context: 'kind', namespace: 'team', version: 'v1.37.2' },
    'kind, namespace team, Kubernetes v1.37.2',
  ],
  found: [{ kind: 'found', workspace: 'dev', pod: 'p', ready: true }, 'dev in pod p'],
  absent: [{ kind: 'absent', workspace: 'dev' }, 'dev is not there'],
  release: [{ kind: 'release', release: 'ws-dev', revision: 2, change: 'upgraded' }, 'ws-dev, revision 2'],
  resizing: [
    { kind: 'resizing', pod: 'p', limitMs: 5000 },
    'waiting up to 5 s for the node to change CPU and memory in pod p',
  ],
  'pod-awaited': [{ kind: 'pod-awaited' }, 'no pod yet'],
  scheduling: [{ kind: 'scheduling', message: 'full' }, 'no node yet: full'],
  attaching: [{ kind: 'attaching', message: 'busy' }, 'attaching the volume: busy'],
  pulling: [{ kind: 'pulling', image: 'ws:1' }, 'pulling ws:1'],
  starting: [{ kind: 'starting' }, 'starting the container'],
  probing: [{ kind: 'probing' }, 'the server is starting'],
  terminating: [{ kind: 'terminating', pod: 'p' }, 'pod p is ending'],
  restarting: [{ kind: 'restarting', restarts: 2, reason: 'Error' }, 'restarted 2 times (Error)'],
  trouble: [{ kind: 'trouble', reason: 'R', message: 'm' }, 'R: m'],
  'pod-ready': [{ kind: 'pod-ready', pod: 'p', node: 'n' }, 'pod p on n'],
  'host-key': [{ kind: 'host-key', fingerprint: 'SHA256:x', change: 'pinned' }, 'SHA256:x, now pinned'],
  connected: [{ kind: 'connected' }, ''],
  reconnecting: [{ kind: 'reconnecting', attempt: 2, reason: 'gone' }, 'try 2: gone'],
  removed: [{ kind: 'removed', what: 'claim', name: 'c' }, 'claim c'],
  kept: [{ kind: 'kept', what: 'claim', name: 'c' }, 'claim c'],
  lost: [{ kind: 'lost' }, 'it went with its pod'],
  keys: [{ kind: 'keys', inForce: 'now' }, 'in force in the workspace'],
  preparing: [{ kind: 'preparing', what: 'clone', url: 'u' }, 'clone from u'],
};

const NOTICES: { [Kind in Notice['kind']]: [Extract<Notice, { kind: Kind }>, RegExp] } = {
  'home-lost-with-pod': [{ kind: 'home-lost-with-pod' }, /lost when the pod goes/],
  'classes-unknown': [
    { kind: 'classes-unknown' },
    /^The home gets a volume of the cluster's default storage class\. You/,
  ],
  'growth-unknown': [
    { kind: 'growth-unknown', claim: 'c', storageClass: 's' },
    /claim c can grow cannot be told: its storage class s may not be read/,
  ],
  'growth-awaited': [
    { kind: 'growth-awaited', claim: 'c', asked: '2Gi', has: '1Gi' },
    /claim c, asked for 2Gi, has 1Gi until its storage class grows it$/,
  ],
  resized: [{ kind: 'resized' }, /^CPU and memory changed in the running pod: nothing restarted$/],
  'still-held': [{ kind: 'still-held', workspace: 'dev' }, /^The Deployment of workspace dev is still held/],
  'port-moved': [{ kind: 'port-moved', wanted: 1, got: 2 }, /^Local port 1 is taken; using 2$/],
  'settings-set-aside': [
    { kind: 'settings-set-aside', path: '/a', movedTo: '/b', reason: 'r' },
    /^The settings in \/a were damaged \(r\) and are now \/b; defaults apply$/,
  ],
  'key-generated': [{ kind: 'key-generated', path: '/k', fingerprint: 'SHA256:x' }, /\/k \(SHA256:x\)/],
  trouble: [
    { kind: 'trouble', code: 'C', reason: 'R', message: 'm', evidence: ['e', 'f'], suggestion: ws`ls` },
    /^R: m\ne\nf$/,
  ],
  'trouble-passed': [
    { kind: 'trouble-passed', code: 'NODE_CPU', reason: 'Unschedulable', message: 'There is no room' },
    /^This has passed: There is no room$/,
  ],
  waking: [
    { kind: 'waking', workspace: 'dev', stop: { until: 'login', since: undefined, by: 'anna' } },
    /^Workspace dev is asleep, by anna; waking it$/,
  ],
  'way-closed': [
    { kind: 'way-closed', pod: 'ws-dev-1', reason: 'r', forMs: 10_000 },
    /^No stream to pod ws-dev-1 opens \(r\)\. Its node may be restarting: trying for 10 s$/,
  ],
  'connection-lost': [{ kind: 'connection-lost', reason: 'r' }, /^Connection lost \(r\)/],
  'connection-restored': [{ kind: 'connection-restored', afterMs: 100 }, /after 1 s$/],
  'forward-opened': [{ kind: 'forward-opened', local: 'l', remote: 'r', leadsTo: 'workspace' }, /^l → r$/],
  'forward-closed': [
    { kind: 'forward-closed', local: 'l', remote: 'r', leadsTo: 'workspace', reason: 'x' },
    /^l → r closed: x$/,
  ],
  'forward-failed': [{ kind: 'forward-failed', local: 'l', remote: 'r', leadsTo: 'here', reason: 'x' }, /^r → l: x$/],
  text: [{ kind: 'text', text: 'hello' }, /^hello$/],
};

const STEPS: Record<StepId, true> = {
  preflight: true,
  'last-pod': true,
  find: true,
  release: true,
  ready: true,
  'host-key': true,
  connect: true,
  prepare: true,
  forward: true,
  remove: true,
  stop: true,
  home: true,
  'earlier-home': true,
  'host-key-secret': true,
  keys: true,
};

describe('words for progress', () => {
  it.each(Object.values(FACTS))('of $kind', (fact, words) => {
    expect(describeFact(fact)).toBe(words);
  });

  it.each(Object.values(NOTICES))('to notice $kind', (notice, words) => {
    expect(describeNotice(notice).text).toMatch(words);
  });

  it.each(Object.keys(STEPS) as StepId[])('for the step %s while it runs and when it is done', (step) => {
    expect(titleOf(step, false)).toMatch(/^[A-Z]/);
    expect(titleOf(step, true)).toMatch(/^[A-Z]/);
    expect(titleOf(step, true)).not.toBe(titleOf(step, false));
  });

  it.each<[StepId, Fact, string]>([
    ['home', { kind: 'removed', what: 'claim', name: 'c' }, 'Home deleted'],
    ['home', { kind: 'kept', what: 'claim', name: 'c' }, 'Home kept'],
    ['home', { kind: 'lost' }, 'Home lost'],
    ['earlier-home', { kind: 'kept', what: 'claim', name: 'c' }, 'Earlier home kept'],
    ['host-key-secret', { kind: 'removed', what: 'Secret', name: 's' }, 'Host key deleted'],
    ['host-key-secret', { kind: 'kept', what: 'Secret', name: 's' }, 'Host key kept'],
  ])('for what became of a thing: %s %o', (step, fact, title) => {
    expect(titleOf(step, true, fact)).toBe(title);
  });

  it.each<[Fact, string]>([
    [{ kind: 'found', workspace: 'dev', pod: undefined, ready: false }, 'dev, not ready yet'],
    [{ kind: 'release', release: 'ws-dev', revision: 2, change: 'recovered' }, 'ws-dev, after an interrupted run'],
    [{ kind: 'scheduling', message: undefined }, 'looking for a node'],
    [{ kind: 'attaching', message: undefined }, 'attaching the volume'],
    [{ kind: 'pod-ready', pod: 'p', node: undefined }, 'pod p'],
    [{ kind: 'host-key', fingerprint: 'SHA256:x', change: 'known' }, 'SHA256:x'],
    [{ kind: 'host-key', fingerprint: 'SHA256:x', change: 'replaced' }, 'SHA256:x, replaced'],
  ])('that depend on what is known: %o', (fact, words) => {
    expect(describeFact(fact)).toBe(words);
  });

  it('give advice where there is some', () => {
    expect(describeNotice({ kind: 'home-lost-with-pod' }).suggestion).toMatchObject({ workspace: 'NAME' });
    expect(describeNotice(NOTICES.trouble[0]).suggestion).toEqual(ws`ls`);
    const parts = { code: 'C', reason: 'R', message: 'm', evidence: [], suggestion: undefined };
    const without: Notice = { kind: 'trouble', ...parts };
    expect('suggestion' in describeNotice(without)).toBe(false);
  });
});

describe('kinds', () => {
  const rooms = path.resolve(import.meta.dirname, '../../../src');
  const sources = ['adapters', 'cli', 'commands', 'operations', 'workspace']
    .flatMap((room) =>
      readdirSync(path.join(rooms, room), { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`),
    )
    .filter((file) => /\.tsx?$/.test(file) && file !== 'workspace/state/events.ts')
    .map((file) => readFileSync(path.join(rooms, file), 'utf8'));

  it.each([...Object.keys(FACTS), ...Object.keys(NOTICES)])('%s is made by something', (kind) => {
    expect(sources.some((source) => source.includes(`kind: '${kind}'`))).toBe(true);
  });

  it.each(Object.keys(STEPS))('step %s is taken by something', (step) => {
    expect(sources.some((source) => source.includes(`step: '${step}'`))).toBe(true);
  });
});
