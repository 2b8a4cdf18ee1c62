/** Whatever is being done when somebody presses Ctrl-C: what is said then is what is so. */
import { describe, expect, it } from 'vitest';
import { addKeys, getDoomedKey, removeKey } from '../../../src/operations/authorized-keys.ts';
import { awaitKeys } from '../../../src/operations/await-keys.ts';
import { down, type HomeFate } from '../../../src/operations/down.ts';
import { getKeptHome, removeHome } from '../../../src/operations/homes.ts';
import { type UpRequest, up } from '../../../src/operations/up.ts';
import { interrupted, type WorkspaceError } from '../../../src/workspace/errors/errors.ts';
import type { WorkspaceSnapshot } from '../../../src/workspace/state/snapshot.ts';
import type { World } from '../../../src/workspace/world.ts';
import { claimHome, keptHome, pendingPod, snapshot } from '../workspace/snapshots.ts';
import { changeable } from './changeable.ts';
import { fakeClock, fakeWorld, makeAnswer, makeIdentity, makeStream, run, watchOf } from './fake-world.ts';
import { LOGIN, reachable } from './reachable.ts';

const NEW_KEY = '/home/alice/.ssh/id_ed25519';
const OWN = makeIdentity(1);
const OTHER = makeIdentity(2);
const toLine = ({ blob, comment }: typeof OWN) => `ssh-ed25519 ${blob} ${comment}\n`;

interface Stage {
  found: WorkspaceSnapshot | undefined;
  hasKey?: boolean;
}

/** A world that is interrupted at its call number `at`, and notes what was changed in it. */
function makeWorld({ found, hasKey = true }: Stage, at: number) {
  const interrupt = new AbortController();
  const changes: string[] = [];
  const note = (what: string) => async () => void changes.push(what);
  const reach = reachable();
  let isDown = false;
  let calls = 0;
  const gone = snapshot({ deployment: undefined, pod: undefined });
  const { world } = fakeWorld({
    ...reach,
    clock: fakeClock(),
    knownHosts: { ...reach.knownHosts, forget: async () => undefined, findNames: async () => [] },
    releases: {
      find: async () => ({ revision: 1, status: 'deployed', chart: 'ws-workspace', updatedAt: '' }),
      getBase: async () => ({ values: {}, deployed: undefined, revision: 1 }),
      verify: async () => ({ template: undefined, objects: [] }),
      preview: async () => ({ before: {}, after: {}, values: {} }),
      undo: async () => 'nothing',
      async apply(_release, values, _options, signal) {
        await values;
        changes.push('apply');
        if (signal.aborted) throw interrupted();
        return { revision: 2, change: 'upgraded' };
      },
      async uninstall() {
        changes.push('uninstall');
        isDown = true;
      },
    },
    identities: {
      list: async () => [OWN],
      look: async () => ({ identities: hasKey ? [reach.identity] : [], agent: { kind: 'none' } }),
      findFreePath: () => NEW_KEY,
      async generate(path: string) {
        changes.push('key');
        return { ...reach.identity, path };
      },
      read: async () => reach.identity,
    } as never,
    cluster: {
      ...reach.cluster,
      findWorkspace: async () => found,
      listWorkspaces: async () => (found === undefined ? [] : [found]),
      watchWorkspace: (...words) =>
        isDown ? watchOf(gone)(...words) : watchOf(snapshot({ pod: pendingPod() }), snapshot())(...words),
      async openPodStream(_pod, port) {
        return port === 9222 ? makeAnswer('ws_session_programs 0\nws_detached_programs 0\n') : makeStream();
      },
      ...changeable(Buffer.from(toLine(OWN) + toLine(OTHER)), note),
    },
  });
  const count = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...words: unknown[]) => {
          calls += 1;
          if (calls !== at) return method.apply(target, words);
          interrupt.abort();
          if (name === 'apply' || name === 'prepare') return method.apply(target, words);
          return name === 'watchWorkspace' ? watchOf()('dev', interrupt.signal) : Promise.reject(interrupted());
        };
      },
    });
  const { cluster, releases, connector } = world;
  const counted = { ...world, cluster: count(cluster), releases: count(releases), connector: count(connector) };
  return { world: counted as World, signal: interrupt.signal, changes, wasReached: () => calls >= at };
}

const REQUEST: UpRequest = {
  workspace: 'dev',
  choices: { memory: '1Gi' },
  asker: {
    who: 'defaults',
    silence: 'there is no terminal to ask on',
    agreeToRestart: async () => undefined,
    readSettings: async () => ({}),
    ask: async () => ({}),
    remember: async () => undefined,
  },
  keyComment: 'me@here',
  valuesFiles: [],
  createNamespace: false,
  repair: false,
  waitTimeoutMs: 5000,
  early: false,
  connect: LOGIN,
  localPort: undefined,
};

type Work = (world: World, signal: AbortSignal) => Promise<unknown>;

async function end<Result>(operation: AsyncGenerator<never, Result, void> | ReturnType<typeof up>) {
  const { error } = await run(operation as ReturnType<typeof up>);
  if (error !== undefined) throw error;
}

const take =
  (found: WorkspaceSnapshot, home: HomeFate): Work =>
  (world, signal) =>
    end(down({ snapshot: found, home }, world, signal) as never);

const onClaim = snapshot({ home: claimHome() });
const kept = { ...keptHome({ name: 'ws-old-home', workspace: 'old' }), name: 'old' };

const WORKS: [string, Stage, Work][] = [
  ['ws up of a new one', { found: undefined }, (world, signal) => end(up(REQUEST, world, signal))],
  ['ws up with a new key', { found: undefined, hasKey: false }, (world, signal) => end(up(REQUEST, world, signal))],
  ['ws up with a change', { found: snapshot() }, (world, signal) => end(up(REQUEST, world, signal))],
  [
    'ws up that waits',
    { found: snapshot({ pod: pendingPod() }) },
    (world, signal) => end(up({ ...REQUEST, choices: {} }, world, signal)),
  ],
  ['ws down --keep-home', { found: onClaim }, take(onClaim, 'keep')],
  ['ws down --delete-home', { found: onClaim }, take(onClaim, 'delete')],
  [
    'ws homes rm',
    { found: kept },
    async (world, signal) => end(removeHome(await getKeptHome('old', world, signal), world, signal) as never),
  ],
  [
    'ws keys add',
    { found: snapshot() },
    async (world, signal) => {
      await addKeys('dev', [toLine(makeIdentity(3)).trim()], world, signal);
      await end(awaitKeys('dev', world, signal) as never);
    },
  ],
  [
    'ws keys rm',
    { found: snapshot() },
    async (world, signal) => removeKey(await getDoomedKey('dev', { word: 'key-2' }, world, signal), world, signal),
  ],
];

describe.each(WORKS)('%s', (_name, stage, work) => {
  it('says what is so, wherever it is interrupted', async () => {
    const said: string[] = [];
    for (let at = 1; ; at += 1) {
      const { world, signal, changes, wasReached } = makeWorld(stage, at);
      const error = await work(world, signal).then(
        () => undefined,
        (thrown: WorkspaceError) => thrown,
      );
      if (!wasReached()) break;
      // What nobody needed may be lost without a word.
      if (error === undefined) continue;
      expect(error, `call ${at}`).toMatchObject({ code: 'INTERRUPTED', reason: expect.any(String) });
      const { reason = '' } = error;
      said.push(reason);
      const isUntouched = /^(?:Nothing was|The keys are as they were)/.test(reason);
      const isSaid = changes.includes('key') ? reason.includes(NEW_KEY) || !isUntouched : true;
      expect([at, reason, isUntouched && changes.some((change) => change !== 'key')]).toEqual([at, reason, false]);
      expect(isSaid, `call ${at}: ${reason}`).toBe(true);
    }
    expect(said.length).toBeGreaterThan(1);
    expect([...new Set(said)]).toMatchSnapshot();
  });
});
