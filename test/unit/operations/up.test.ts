import { describe, expect, it, vi } from 'vitest';
import type { Asker } from '../../../src/operations/choices/asker.ts';
import { type UpRequest, up } from '../../../src/operations/up.ts';
import type { Choices } from '../../../src/workspace/choices/chosen.ts';
import { failure, type WorkspaceError } from '../../../src/workspace/errors/errors.ts';
import type { Releases } from '../../../src/workspace/release/releases.ts';
import type { WorkspaceSnapshot } from '../../../src/workspace/state/snapshot.ts';
import type { Cluster, ListenOptions, World } from '../../../src/workspace/world.ts';
import { saying, toLines } from '../../spelling.ts';
import {
  claim,
  claimHome,
  deployment,
  endingPod,
  event,
  keptHome,
  pendingPod,
  snapshot,
  waiting,
} from '../workspace/snapshots.ts';
import { fakeClock, fakeWorld, makeListener, NEVER, run, summarize, watchOf } from './fake-world.ts';
import { reachable } from './reachable.ts';

/** Nobody is asked: what a new workspace is not told gets its default. */
const DEFAULTS: Asker = {
  who: 'defaults',
  silence: 'there is no terminal to ask on',
  agreeToRestart: async () => undefined,
  readSettings: async () => ({}),
  ask: async () => ({}),
  remember: async () => undefined,
};

type Given = Partial<UpRequest> & { found?: WorkspaceSnapshot };

/** Brings up what this asks for, on a cluster where the workspace is found so. */
function bringUp({ found, ...overrides }: Given, world: World, signal = NEVER) {
  const request: UpRequest = {
    workspace: 'dev',
    choices: {},
    asker: DEFAULTS,
    keyComment: 'me@here',
    valuesFiles: [],
    createNamespace: false,
    repair: false,
    waitTimeoutMs: 5000,
    early: false,
    connect: { acceptHostKey: undefined, askPassphrase: undefined },
    localPort: undefined,
    ...overrides,
  };
  const cluster = new Proxy(world.cluster, {
    get: (target, name) => (name === 'findWorkspace' ? async () => found : Reflect.get(target, name)),
  });
  return up(request, { ...world, cluster }, signal);
}

/** A cluster on which everything is allowed, and a helm that notes what it was given, or why it was given nothing. */
function prepared({ cluster = {}, releases = {} }: { cluster?: Partial<Cluster>; releases?: Partial<Releases> } = {}) {
  const reach = reachable();
  const applied: { release: string; values: object; options: object }[] = [];
  const refused: unknown[] = [];
  const fake = fakeWorld({
    ...reach,
    clock: fakeClock(),
    cluster: {
      ...reach.cluster,
      pods: { annotate: async () => undefined } as never,
      findClaim: async () => undefined,
      listWorkspaces: async () => [],
      getVersion: async () => 'v1.37.2',
      findNamespace: async () => 'active',
      findMissingPermissions: async () => [],
      findStorageClasses: async () => [
        { name: 'fast', provisioner: 'x', isDefault: true, bindingMode: 'Immediate', canGrow: true },
      ],
      watchWorkspace: watchOf(snapshot({ pod: undefined }), snapshot({ pod: pendingPod() }), snapshot()),
      ...cluster,
    },
    releases: {
      async apply(release, values, options) {
        try {
          applied.push({ release, values: await values, options });
        } catch (reason) {
          refused.push(reason);
          throw reason;
        }
        return { revision: 1, change: 'installed' };
      },
      getBase: async () => ({ values: {}, deployed: undefined, revision: 1 }),
      readAmounts: async () => ({}),
      readExtras: async () => ({ sleeps: false, ends: false, isMonitored: false }),
      readHome: async () => ({}),
      preview: async () => ({ before: undefined, after: undefined, values: {} }),
      ...releases,
    },
  });
  return { ...fake, reach, applied, refused };
}

describe('a workspace that is up', () => {
  it.each([
    ['fats', ['ws up --storage-class fast', 'ws up --storage-class zone', 'ws up --storage-class none']],
    [
      'qqqqqqq',
      [
        ...['ws up --storage-class zone', 'ws up --storage-class alpha', 'ws up --storage-class fast'],
        'ws up --storage-class none',
      ],
    ],
  ])('offers instead of class %s the nearest one, then the default', async (storageClass, expected) => {
    const classes = ['alpha', 'fast', 'zone'].map((name) => ({
      ...{ name, provisioner: 'x', isDefault: name === 'zone', bindingMode: 'Immediate' as const, canGrow: true },
    }));
    const { world } = prepared({ cluster: { findStorageClasses: async () => classes } });
    const { error } = await run(bringUp({ choices: { storageClass } }, world));
    expect(toLines((error as WorkspaceError).suggestions)).toEqual(expected);
  });

  it.each([
    ['restarted where another pod took the place of the one that ran', 'ws-dev-new', true],
    ['not restarted where its pod stays', snapshot().pod?.name ?? '', false],
  ])('says that it is %s', async (_name, name, restarted) => {
    const { pod } = snapshot();
    const after = snapshot({ pod: pod === undefined ? undefined : { ...pod, name } });
    const { world } = prepared({ cluster: { watchWorkspace: watchOf(after) } });
    const { result } = await run(bringUp({ found: snapshot(), choices: { memory: '96Mi' } }, world));
    expect(result?.info).toMatchObject({ pod: name, restarted });
  });

  it('is connected to without a question to helm', async () => {
    const reach = reachable();
    const { world, calls } = fakeWorld(reach);
    const { events, result } = await run(bringUp({ found: snapshot() }, world));
    expect(summarize(events)).toEqual([
      'plan ready host-key connect',
      'ready',
      'ready done',
      'host-key',
      'host-key done',
      'connect',
      'connect done',
    ]);
    expect(result?.connection).toBe(reach.connection);
    expect(result?.info).toMatchObject({ name: 'dev', state: 'ready' });
    expect(calls.filter((call) => call.startsWith('releases'))).toEqual([]);
  });

  it('is only waited for while its pod starts', async () => {
    const reach = reachable();
    const { world, calls } = fakeWorld({
      ...reach,
      clock: fakeClock(),
      cluster: { ...reach.cluster, watchWorkspace: watchOf(snapshot({ pod: pendingPod() }), snapshot()) },
    });
    const found = snapshot({ pod: pendingPod() });
    const { events, error } = await run(bringUp({ found }, world));
    expect(error).toBeUndefined();
    expect(summarize(events)).toContain('ready: starting');
    expect(calls.some((call) => call.startsWith('releases'))).toBe(false);
  });

  it.each<[string, Given]>([
    ['something was chosen', { choices: { memory: '1Gi' } }],
    ['a values file was given', { valuesFiles: ['/values.yaml'] }],
    ['it is to be repaired', { repair: true }],
    ['it was stopped', { found: snapshot({ deployment: deployment({ replicas: 0 }), pod: undefined }) }],
  ])('is written again when %s, over the values it was made with', async (_name, overrides) => {
    const { world, applied } = prepared({
      releases: { getBase: async () => ({ values: { user: { name: 'alice' } }, deployed: undefined, revision: 3 }) },
    });
    const { error } = await run(bringUp({ found: snapshot(), ...overrides }, world));
    expect(error).toBeUndefined();
    expect(applied).toHaveLength(1);
    expect(applied[0]).toMatchObject({ release: 'ws-dev', values: { workspace: 'dev', user: { name: 'alice' } } });
  });

  it.each<[string, boolean, number]>([
    ['is not written again when it has what was chosen', false, 0],
    ['is written again all the same to repair it', true, 1],
  ])('%s', async (_name, repair, writes) => {
    const values = { workspace: 'dev', resources: { limits: { memory: '1Gi' } } };
    const { world, applied, refused } = prepared({
      releases: {
        getBase: async () => ({ values, deployed: values, revision: 3 }),
        preview: async () => ({ before: {}, after: {}, values }),
      },
      cluster: {
        pods: { previewTemplate: async () => ({ now: {}, then: {} }), annotate: async () => undefined } as never,
      },
    });
    const { events, result } = await run(bringUp({ found: snapshot(), choices: { memory: '1Gi' }, repair }, world));
    expect([applied.length, refused.length]).toEqual([writes, 1 - writes]);
    expect(result?.connection).toBeDefined();
    const [written] = events.flatMap((event) =>
      event.type === 'finished' && event.step === 'release' ? event.fact : [],
    );
    expect(written).toMatchObject({ change: repair ? 'installed' : 'unchanged' });
    // The repair lasts until the server has the keys that it put right, and before it logs in with one of them.
    const steps = summarize(events).filter((word) => word.endsWith(' done'));
    expect(steps.slice(-4)).toEqual([
      ...(repair ? ['ready done', 'keys done'] : ['release done', 'ready done']),
      ...['host-key done', 'connect done'],
    ]);
    // The pod is the one that was found: nobody waits for another.
    expect(summarize(events).filter((word) => word.startsWith('ready'))).toHaveLength(repair ? 5 : 2);
  });

  it('keeps the release that it was found in, whatever its name', async () => {
    const { world, applied } = prepared();
    await run(bringUp({ found: snapshot({ release: 'gitops' }), repair: true }, world));
    expect(applied[0]?.release).toBe('gitops');
  });
});

describe('a new workspace', () => {
  it('has what a values file takes away taken away beside what is chosen', async () => {
    const { world, applied, reach } = prepared({
      releases: { readNulls: async () => ({ resources: { limits: null } }) },
    });
    const choices = { identity: reach.identity.path, cpu: '2' };
    expect((await run(bringUp({ choices, valuesFiles: ['/values.yaml'] }, world))).error).toBeUndefined();
    expect(applied[0]?.values).toMatchObject({
      resources: { limits: { cpu: '2', memory: null, 'ephemeral-storage': null } },
    });
  });

  it('is checked, installed, waited for, pinned and connected to, in this order', async () => {
    const { world, calls, reach } = prepared();
    const choices = { identity: reach.identity.path };
    const { events, result } = await run(bringUp({ choices }, world));
    expect(summarize(events)).toEqual([
      'plan preflight release ready host-key connect',
      'preflight',
      'preflight done',
      'release',
      'release done',
      'ready',
      'ready: pod-awaited',
      'ready: starting',
      'ready: pod-ready',
      'ready done',
      '! home-lost-with-pod',
      'host-key',
      'host-key done',
      'connect',
      'connect done',
    ]);
    const at = (call: string) => calls.indexOf(call);
    expect(at('releases.apply')).toBeLessThan(at('cluster.findMissingPermissions'));
    expect(at('cluster.watchWorkspace')).toBeGreaterThan(at('releases.apply'));
    expect(at('connector.connect')).toBeGreaterThan(at('knownHosts.pin'));
    expect([...reach.pinned]).toEqual([['ws-dev.team.cluster-1', [reach.hostKey]]]);
    expect(reach.targets[0]).toMatchObject({ user: 'alice', hostKeys: [reach.hostKey], identities: [reach.identity] });
    expect(result?.listener).toBeUndefined();
  });

  it.each<[string, Partial<Cluster>, boolean]>([
    ['came up', {}, true],
    ['did not start', { watchWorkspace: watchOf() }, false],
    ['was refused', { findMissingPermissions: async (all) => all }, false],
  ])('that %s leaves its answers to the next form only where it came up', async (_what, cluster, isRemembered) => {
    const { world, reach } = prepared({ cluster });
    const remembered: object[] = [];
    const asker: Asker = {
      ...DEFAULTS,
      who: 'person',
      ask: async () => ({ user: 'carol', uid: '7', storageClass: 'none' }),
      remember: async (answers) => void remembered.push(answers),
    };
    const choices = { identity: reach.identity.path };
    const { error } = await run(bringUp({ choices, asker, waitTimeoutMs: 100 }, world));
    expect(error === undefined).toBe(isRemembered);
    expect(remembered).toEqual(isRemembered ? [{ user: 'carol', uid: 7, storageClass: 'none' }] : []);
  });

  it('takes up a kept home without the old values, though its class is gone', async () => {
    const { world, applied, reach } = prepared({ cluster: { findStorageClasses: async () => [] } });
    const choices = { identity: reach.identity.path };
    const { error } = await run(bringUp({ found: keptHome(), choices }, world));
    expect(error).toBeUndefined();
    expect(applied[0]?.values).toEqual({
      workspace: 'dev',
      user: { name: 'alice', uid: 1000, gid: 1000 },
      home: { type: 'claim', storageClass: 'fast', size: '10Gi' },
      authorizedKeys: [`ssh-ed25519 ${reach.identity.blob} me@here`],
    });
  });

  describe('for which the cluster never makes a volume', () => {
    const pending = { phase: 'Pending', storageClass: undefined, capacity: undefined };
    const stuck = snapshot({
      pod: pendingPod({ node: undefined }),
      home: claimHome(pending),
      events: [event('PersistentVolumeClaim/ws-dev-home', 'FailedBinding', 'no storage class is set')],
    });
    const tryIt = async (before: string | undefined) => {
      const removed: string[] = [];
      let isThere = before !== undefined;
      const fake = prepared({
        cluster: {
          findStorageClasses: async () => undefined,
          watchWorkspace: watchOf(stuck),
          findClaim: async () => (isThere ? claim(pending) : undefined),
          findSecret: async () => undefined,
          listVolumeUsers: async () => [],
          deleteClaim: async (name) => void removed.push(name),
        },
        releases: {
          async apply(_release, values) {
            await values;
            isThere = true;
            return { revision: 1, change: 'installed' };
          },
          uninstall: async (name) => void removed.push(name),
        },
      });
      // It is found when it is looked for again.
      let looks = 0;
      const cluster = new Proxy(fake.world.cluster, {
        get: (target, name) =>
          name === 'findWorkspace' ? async () => (looks++ === 0 ? undefined : stuck) : Reflect.get(target, name),
      });
      const request = {
        workspace: 'dev',
        choices: {},
        asker: DEFAULTS,
        keyComment: 'me',
        valuesFiles: [],
        repair: false,
      };
      const how = { createNamespace: false, waitTimeoutMs: 5000, early: false, localPort: undefined };
      const connect = { acceptHostKey: undefined, askPassphrase: undefined };
      const { error } = await run(up({ ...request, ...how, connect }, { ...fake.world, cluster }, NEVER));
      return { error: error as WorkspaceError, removed };
    };

    it('is removed again, with the claim, and the error says what to type', async () => {
      const { error, removed } = await tryIt(undefined);
      expect(removed).toEqual(['ws-dev', 'ws-dev-home']);
      expect(error).toMatchObject({
        code: 'WORKSPACE_FAILED',
        reason: expect.stringMatching(/claim ws-dev-home names no storage class[\s\S]*removed again$/),
        suggestions: [saying('ws up dev --storage-class NAME'), saying('ws up dev --storage-class none')],
      });
    });

    it('stays where the claim was there before, and the error says how to begin anew', async () => {
      const { error, removed } = await tryIt('ws-dev-home');
      expect(removed).toEqual([]);
      expect(error.suggestions[0]).toEqual(saying('ws down dev --delete-home'));
    });
  });

  describe('whose last pod is still ending', () => {
    const scaled = deployment({ replicas: 0 });
    const old = endingPod({ name: 'old', isRunning: true });
    const stopped = snapshot({ deployment: scaled, pod: undefined, endingPods: [old] });
    const gone = snapshot({ deployment: undefined, pod: undefined, endingPods: [old] });
    const seen = snapshot({ deployment: scaled });
    const ended = snapshot({ deployment: scaled, pod: undefined });
    const removed = snapshot({ deployment: undefined, pod: undefined });

    /** The world after the wait; `order` says what was written after which look. */
    const follow = (found: WorkspaceSnapshot, ...watched: WorkspaceSnapshot[]) => {
      const order: string[] = [];
      const fake = prepared({
        cluster: {
          async *watchWorkspace() {
            for (const now of order.includes('written') ? [snapshot()] : watched) {
              order.push(now.pod === undefined && now.endingPods.length === 0 ? 'ended' : 'ending');
              yield now;
            }
          },
          findSecret: async () => new Map(),
        },
        releases: {
          async apply(_release, values) {
            await values;
            order.push('written');
            return { revision: 1, change: 'installed' };
          },
        },
      });
      return run(bringUp({ found }, fake.world)).then((outcome) => ({ ...outcome, order }));
    };

    it.each<[string, WorkspaceSnapshot, WorkspaceSnapshot]>([
      ['after ws stop', stopped, ended],
      ['before its end has begun', seen, ended],
      ['after helm uninstall', gone, removed],
    ])('waits for its end and says so: %s', async (_when, found, after) => {
      const { events, order } = await follow(found, found, after);
      expect(order.slice(0, 3)).toEqual(['ending', 'ended', 'written']);
      const told = summarize(events);
      expect(told[0]).toMatch(/^plan preflight last-pod release /);
      const [from, to] = [told.indexOf('last-pod'), told.indexOf('release')];
      expect(told.slice(from, to)).toEqual(['last-pod', 'last-pod: terminating', 'last-pod done']);
    });

    it('waits no longer for one that a finalizer alone holds: nothing of it runs', async () => {
      const held = { ...stopped, endingPods: [{ ...old, isRunning: false, finalizers: ['x.test/y'] }] };
      const { order } = await follow(held, held);
      expect(order.slice(0, 2)).toEqual(['ending', 'written']);
    });

    it('is not started where it does not end', async () => {
      const { error, order } = await follow(stopped, stopped);
      expect(error).toMatchObject({
        code: 'WORKSPACE_NOT_READY',
        message: 'Workspace dev is not started: its last pod has not ended',
        suggestions: [saying('ws status dev')],
      });
      expect(order).not.toContain('written');
    });
  });

  it('leads back to what was before where a change does not come up', async () => {
    const unpulled = pendingPod({
      image: 'tpyo',
      container: waiting(
        'ErrImagePull',
        'rpc error: failed to resolve reference "docker.io/library/tpyo:latest": not found',
      ),
    });
    const { world } = prepared({ cluster: { watchWorkspace: watchOf(...Array(9).fill(snapshot({ pod: unpulled }))) } });
    const { error } = await run(bringUp({ found: snapshot(), choices: { image: 'tpyo' }, waitTimeoutMs: 500 }, world));
    const [first] = toLines((error as WorkspaceError).suggestions);
    expect(first).toBe('ws up dev --image ws-workspace:0.2.0');
  });

  it('leads back to it as well where somebody ends the wait', async () => {
    const interrupt = new AbortController();
    const { world } = prepared({
      cluster: {
        async *watchWorkspace() {
          yield snapshot({ pod: pendingPod() });
          interrupt.abort();
        },
      },
    });
    const { error } = await run(bringUp({ found: snapshot(), choices: { image: 'tpyo' } }, world, interrupt.signal));
    expect(error).toMatchObject({ code: 'INTERRUPTED', reason: 'Workspace dev goes on starting in the cluster' });
    expect(toLines((error as WorkspaceError).suggestions)).toEqual([
      'ws up dev',
      'ws up dev --image ws-workspace:0.2.0',
    ]);
  });

  it('makes the namespace only when it is asked to and it is not there', async () => {
    const absent = prepared({
      cluster: { findNamespace: async () => undefined, findNamespaces: async () => ['default', 'teams'] },
    });
    await run(bringUp({ createNamespace: true }, absent.world));
    expect(absent.applied[0]?.options).toMatchObject({ valuesFiles: [], createNamespace: true, after: 0 });
    const there = prepared();
    await run(bringUp({ createNamespace: true }, there.world));
    expect(there.applied[0]?.options).toMatchObject({ valuesFiles: [], createNamespace: false, after: 0 });
  });
});

describe('Helm, which starts while the cluster is asked', () => {
  it('has its own trouble told, and nothing is waited for', async () => {
    const missing = failure('HELM_MISSING', { message: 'Helm is not installed' });
    const { world, calls } = prepared({
      releases: {
        apply: async () => {
          throw missing;
        },
      },
    });
    const { error, events } = await run(bringUp({}, world));
    expect(error).toBe(missing);
    expect(summarize(events).slice(-2)).toEqual(['preflight done', 'release']);
    expect(calls).not.toContain('cluster.watchWorkspace');
  });

  it('is waited for while somebody else works on the release, and that is told once', async () => {
    const held = { revision: 4, status: 'pending-upgrade', chart: 'ws-workspace', updatedAt: '' };
    const { world } = prepared({
      releases: {
        apply: async (_release, values, { onHeld }) => {
          await values;
          onHeld?.(held);
          onHeld?.({ ...held, revision: 5 });
          await new Promise((resolve) => setTimeout(resolve, 10));
          return { revision: 6, change: 'installed' };
        },
      },
    });
    const { error, events } = await run(bringUp({}, world));
    expect(error).toBeUndefined();
    expect(summarize(events)).toEqual(
      expect.arrayContaining(['release', '! trouble', '· trouble-passed', 'release done']),
    );
    const notices = events.flatMap((one) => (one.type === 'noticed' ? [one.notice] : []));
    expect(notices.filter(({ kind }) => kind === 'trouble')).toMatchObject([
      {
        code: 'WORKSPACE_BUSY',
        reason: 'pending-upgrade',
        evidence: ['Revision 4 of release ws-dev is pending-upgrade'],
      },
    ]);
  });

  it('gets no values when those that the workspace has cannot be read', async () => {
    const unreadable = failure('NOT_PERMITTED', { message: 'You may not get secrets' });
    const { world, applied, refused } = prepared({
      releases: {
        getBase: async () => {
          throw unreadable;
        },
      },
    });
    const { error } = await run(bringUp({ found: snapshot(), repair: true }, world));
    expect(error).toBe(unreadable);
    expect([applied, refused]).toEqual([[], []]);
  });

  it('gets none when somebody leaves meanwhile', async () => {
    const { world, applied, refused } = prepared();
    const operation = bringUp({}, world);
    await operation.next();
    await operation.next();
    await operation.return(undefined as never);
    expect(applied).toEqual([]);
    await vi.waitFor(() => expect(refused).toMatchObject([{ code: 'INTERRUPTED' }]), 120_000);
  });
});

describe('what is refused before anything is changed', () => {
  const claim = (storageClass = 'default'): Choices => ({ storageClass });

  const sized = (size: string): Choices => ({ size });

  it.each<[string, Given, Partial<Cluster>, object]>([
    [
      'a namespace that is missing',
      {},
      { findNamespace: async () => undefined, findNamespaces: async () => ['default', 'teams'] },
      { code: 'NAMESPACE_MISSING', suggestions: expect.arrayContaining([saying(/--create-namespace/)]) },
    ],
    [
      'a namespace that is being deleted, though it may be made',
      { createNamespace: true },
      { findNamespace: async () => 'terminating' },
      { code: 'NAMESPACE_MISSING' },
    ],
    [
      'permissions that are missing',
      {},
      {
        findMissingPermissions: async () => [
          { group: '', resource: 'secrets', verb: 'create' },
          { group: '', resource: 'pods', subresource: 'portforward', verb: 'create' },
        ],
      },
      { code: 'NOT_PERMITTED', reason: 'Missing: create secrets, create pods/portforward' },
    ],
    [
      'an end whose rights are missing',
      { choices: { ...claim(), ttl: '8h' } },
      {
        findMissingPermissions: async (all) =>
          all.filter(({ resource, subresource }) => (subresource ?? resource) === 'scale'),
      },
      { code: 'NOT_PERMITTED', message: expect.stringMatching(/an end/), reason: 'Missing: patch deployments/scale' },
    ],
    [
      'an end for a home that goes with the pod',
      { found: snapshot(), choices: { ttl: '8h' } },
      {},
      { code: 'HOME_CONFLICT', suggestions: expect.arrayContaining([saying(/^ws down dev --home lose/)]) },
    ],
    [
      'an end for a new workspace without a volume',
      { choices: { ttl: '8h', storageClass: 'none' } },
      {},
      { code: 'HOME_CONFLICT', suggestions: expect.arrayContaining([saying(/--storage-class NAME/)]) },
    ],
    [
      'a storage class that is not there',
      { choices: claim('slow') },
      {},
      { code: 'STORAGE_CLASS_UNKNOWN', reason: 'There is: fast' },
    ],
    [
      'a storage class where there is none',
      { choices: claim('slow') },
      { findStorageClasses: async () => [] },
      { code: 'STORAGE_CLASS_UNKNOWN', reason: expect.stringMatching(/none at all/) },
    ],
    [
      'a volume for a workspace whose home goes with the pod',
      { found: snapshot(), choices: claim() },
      {},
      { code: 'HOME_CONFLICT', reason: expect.stringMatching(/emptyDir/) },
    ],
    [
      'no volume for a workspace with one',
      { found: snapshot({ home: claimHome() }), choices: { storageClass: 'none' } },
      {},
      { code: 'HOME_CONFLICT', reason: 'Its home is claim ws-dev-home' },
    ],
    [
      'another claim',
      { found: snapshot({ home: claimHome() }), choices: { home: 'data' } },
      {},
      { code: 'HOME_CONFLICT' },
    ],
    [
      'a new volume in place of the claim that the user brought along',
      { found: snapshot({ home: claimHome({ name: 'data' }) }), choices: claim('fast') },
      {},
      { code: 'HOME_CONFLICT', reason: 'Its home is claim data' },
    ],
    [
      'another class for a volume that is there',
      { found: snapshot({ home: claimHome({ storageClass: 'slow' }) }), choices: claim('fast') },
      {},
      { code: 'HOME_CONFLICT', reason: expect.stringMatching(/never changes its storage class/) },
    ],
    [
      'another class for a home that was kept',
      { found: keptHome({ storageClass: 'slow' }), choices: claim('fast') },
      {},
      {
        code: 'HOME_CONFLICT',
        message: 'The home of workspace dev is of storage class slow, not of fast',
        reason: 'It was kept as claim ws-dev-home, and a claim never changes its storage class',
        suggestions: [
          expect.objectContaining({ words: ['up'], again: { without: ['storage-class'] } }),
          expect.objectContaining({ words: ['homes', 'rm', 'dev'] }),
          expect.objectContaining({ words: ['up', '--storage-class', 'fast'], workspace: 'OTHER-NAME' }),
        ],
      },
    ],
    [
      'more room in a volume whose class lets none grow, naming one that does',
      {
        found: snapshot({ home: claimHome({ storageClass: 'stiff', requested: '10Gi' }) }),
        choices: { size: '30Gi' },
      },
      {
        findStorageClasses: async () =>
          ['stiff', 'fast'].map((name) => ({
            name,
            provisioner: 'x',
            isDefault: false,
            bindingMode: 'Immediate' as const,
            canGrow: name === 'fast',
          })),
      },
      {
        code: 'HOME_CONFLICT',
        message: 'The home of workspace dev cannot grow from 10Gi to 30Gi',
        reason: 'Claim ws-dev-home is of storage class stiff, whose volumes cannot grow; these classes let them: fast',
      },
    ],
    [
      'more room in a volume without a class',
      {
        found: snapshot({ home: claimHome({ storageClass: undefined, requested: '10Gi' }) }),
        choices: { size: '30Gi' },
      },
      {},
      { code: 'HOME_CONFLICT', reason: expect.stringMatching(/has no storage class; these classes let them: fast/) },
    ],
    [
      'more room in a volume whose class is gone',
      { found: snapshot({ home: claimHome({ storageClass: 'old' }) }), choices: sized('30Gi') },
      {},
      { code: 'HOME_CONFLICT', reason: expect.stringMatching(/class old, which is not there any more; .*: fast/) },
    ],
    [
      'more room in a volume without a class, though classes may not be read',
      { found: snapshot({ home: claimHome({ storageClass: undefined }) }), choices: sized('30Gi') },
      { findStorageClasses: async () => undefined },
      { code: 'HOME_CONFLICT', reason: expect.stringMatching(/has no storage class; .* may not be read/) },
    ],
    [
      'more room in a claim without a volume',
      { found: snapshot({ home: claimHome({ phase: 'Pending' }) }), choices: sized('30Gi') },
      {},
      { code: 'HOME_CONFLICT', reason: expect.stringMatching(/is Pending/) },
    ],
    [
      'less room',
      { found: snapshot({ home: claimHome() }), choices: sized('5Gi') },
      {},
      { code: 'HOME_CONFLICT', message: 'The home of workspace dev cannot shrink from 10Gi to 5Gi' },
    ],
    [
      'less room in a kept home',
      { found: keptHome(), choices: sized('5Gi') },
      { findStorageClasses: async () => undefined },
      { code: 'HOME_CONFLICT', message: 'The home of workspace dev cannot shrink from 10Gi to 5Gi' },
    ],
    [
      'a claim that is not there',
      { choices: { home: 'data' } },
      { findClaim: async () => undefined },
      { code: 'HOME_CONFLICT', message: 'There is no volume claim data in namespace team' },
    ],
    [
      'a cluster that does not answer',
      {},
      {
        getVersion: async () => {
          throw failure('CLUSTER_UNREACHABLE', { message: 'no' });
        },
      },
      { code: 'CLUSTER_UNREACHABLE' },
    ],
  ])('%s', async (_name, overrides, cluster, expected) => {
    const { world, calls, applied, refused } = prepared({ cluster });
    const { error, events } = await run(bringUp(overrides, world));
    expect(error).toMatchObject(expected);
    expect(applied).toEqual([]);
    // Helm, if it runs already, is told to end and has ended.
    expect(refused).toEqual(calls.includes('releases.apply') ? [error] : []);
    expect(summarize(events).at(-1)).toBe('preflight');
  });

  it('not a class, when the classes may not be listed: the cluster will say', async () => {
    const { world, applied } = prepared({ cluster: { findStorageClasses: async () => undefined } });
    await run(bringUp({ choices: claim('slow') }, world));
    expect(applied).toHaveLength(1);
  });

  it('nor a home that has not grown yet, and says so', async () => {
    const { world } = prepared();
    const home = claimHome({ requested: '10Gi', capacity: '8Gi' });
    const { events, result } = await run(bringUp({ found: snapshot({ home }) }, world));
    expect(result?.info.home).toMatchObject({ size: '8Gi', asked: '10Gi' });
    const notice = { kind: 'growth-awaited', claim: 'ws-dev-home', asked: '10Gi', has: '8Gi' };
    expect(events).toContainEqual({ type: 'noticed', level: 'info', notice });
  });

  it.each<[string, Parameters<typeof claimHome>[0], string, Partial<Cluster>, string[]]>([
    ['the same size in another unit', { storageClass: 'old' }, '10240Mi', {}, []],
    ['the way back to more than the volume has', { capacity: '8Gi' }, '9Gi', {}, []],
    [
      'growth, with a word, of unread classes',
      {},
      '30Gi',
      { findStorageClasses: async () => undefined },
      ['! growth-unknown'],
    ],
  ])('not %s', async (_name, claimed, size, cluster, notices) => {
    const { world, applied } = prepared({ cluster });
    const home = claimHome(claimed);
    const { events } = await run(bringUp({ found: snapshot({ home }), choices: sized(size) }, world));
    expect(applied[0]?.values).toMatchObject({ home: { size } });
    expect(summarize(events).filter((word) => /^! growth/.test(word))).toEqual(notices);
  });

  it('not a bigger home of the same class', async () => {
    const { world, applied } = prepared();
    const choices: Choices = { storageClass: 'fast', size: '20Gi' };
    await run(bringUp({ found: snapshot({ home: claimHome() }), choices }, world));
    expect(applied[0]?.values).toMatchObject({ home: { size: '20Gi' } });
  });
});

describe('the local port', () => {
  const localPort = { port: 2222, anyFreePort: false };

  it('that is taken ends it before the cluster is asked anything', async () => {
    const { world, calls } = fakeWorld({
      listeners: {
        listen: async () => {
          throw failure('LOCAL_PORT_TAKEN', { message: 'taken' });
        },
      },
    });
    const { error } = await run(bringUp({ localPort }, world));
    expect(error).toMatchObject({ code: 'LOCAL_PORT_TAKEN' });
    expect(calls).toEqual(['listeners.listen']);
  });

  it('leads to the pod once it is ready, and is refused before', async () => {
    const { world, reach } = prepared();
    let open: (() => Promise<unknown>) | undefined;
    const listener = makeListener(2222);
    const listeners = {
      async listen(options: ListenOptions) {
        expect(options.suggest(2223)).toEqual(saying('ws up --local-port 2223'));
        open = () => options.open('localhost', 2222);
        await expect(open()).rejects.toMatchObject({ code: 'WORKSPACE_NOT_READY' });
        return listener;
      },
    };
    const { result } = await run(bringUp({ localPort }, { ...world, listeners } as never));
    expect(result?.listener).toBe(listener);
    expect(await open?.()).toBe(reach.stream);
    expect(listener.isClosed).toBe(false);
  });

  it('is let go when the workspace does not come up', async () => {
    const listener = makeListener(2222);
    const { world } = prepared({
      cluster: { findNamespace: async () => undefined, findNamespaces: async () => ['default', 'teams'] },
    });
    const listeners = { listen: async () => listener };
    const { error } = await run(bringUp({ localPort }, { ...world, listeners } as never));
    expect(error).toMatchObject({ code: 'NAMESPACE_MISSING' });
    expect(listener.isClosed).toBe(true);
  });
});
