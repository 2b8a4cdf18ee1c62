import { describe, expect, it } from 'vitest';
import { diagnose as diagnoseScene, sceneOf } from '../../../src/workspace/diagnosis/diagnosis.ts';
import type {
  ContainerSnapshot,
  EndingPod,
  EventSnapshot,
  WorkspaceSnapshot,
} from '../../../src/workspace/state/snapshot.ts';
import { saying } from '../../spelling.ts';
import { container, deployment, endingPod, event, keptHome, pendingPod, pod, snapshot } from './snapshots.ts';

/** What somebody sees who does not look around. */
const diagnose = (seen: WorkspaceSnapshot) => diagnoseScene(sceneOf(seen));

describe('the state of a workspace', () => {
  it('is ready when its pod says so, whatever happened before', () => {
    const restarted = pod({ container: container({ restarts: 3 }) });
    expect(diagnose(snapshot({ pod: restarted }))).toEqual({
      state: 'ready',
      fact: { kind: 'pod-ready', pod: 'ws-dev-1', node: 'node-1' },
      causes: [],
    });
  });

  describe('of a pod whose container failed and runs again', () => {
    const end = { reason: 'Error', exitCode: 1, message: undefined, ranSeconds: 1 };
    const again = { restarts: 3, lastEnd: end, isOnTrial: true as const };
    const see = (overrides: Partial<ContainerSnapshot>, ready = false) =>
      diagnose(snapshot({ pod: pod({ ready, container: container({ ...again, ...overrides }) }) }));

    it('is failing until it is ready, with the reason', () => {
      const { state, causes } = see({});
      expect({ state, codes: causes.map(({ code, reason }) => [code, reason]) }).toEqual({
        state: 'failing',
        codes: [['START_CRASH', 'Error']],
      });
      expect(see({}, true)).toMatchObject({ state: 'ready', causes: [] });
    });

    it('says that the programs took all memory', () => {
      const lastEnd = { ...end, reason: 'OOMKilled', exitCode: 137, ranSeconds: 3600 };
      expect(see({ restarts: 1, lastEnd }).causes.map(({ code }) => code)).toEqual(['RUN_MEMORY']);
    });

    it('is starting where it was ready since, or nothing failed', () => {
      expect(see({ isOnTrial: false }).state).toBe('starting');
      expect(see({ lastEnd: { ...end, reason: 'Completed', exitCode: 0 } }).state).toBe('starting');
    });

    it('gives whoever waits for it no reason to give up', () => {
      const seen = snapshot({ pod: pod({ ready: false, container: container(again) }) });
      expect(diagnoseScene({ ...sceneOf(seen), watched: { sameForMs: 0 } }).causes).toEqual([]);
    });
  });

  it('is stopped when it was scaled to 0', () => {
    expect(diagnose(snapshot({ deployment: deployment({ replicas: 0 }), pod: undefined })).state).toBe('stopped');
  });

  it('is a kept home when only that is left', () => {
    expect(diagnose(keptHome())).toMatchObject({ state: 'kept-home', fact: { kind: 'absent', workspace: 'dev' } });
  });

  it('is ending while its last pod goes', () => {
    const fact = { kind: 'terminating', pod: 'ws-dev-0' };
    const ending = { pod: undefined, endingPods: [endingPod()] };
    expect(diagnose(snapshot({ ...ending, deployment: undefined }))).toMatchObject({ state: 'ending', fact });
    expect(diagnose(snapshot(ending))).toMatchObject({ state: 'ending', fact });
  });
});

describe('a pod that does not end', () => {
  const held = { finalizers: ['x.test/y'], isRunning: false };
  const lost = event('Pod/ws-dev-0', 'NodeNotReady', 'Node is not ready', 'Warning');
  const troubleOf = (ending: Partial<EndingPod>, events: EventSnapshot[] = [], overrides = {}) =>
    diagnose(snapshot({ pod: undefined, endingPods: [endingPod(ending)], events, ...overrides })).causes[0];

  it('is held by a finalizer: which, since when, and the command that ends it', () => {
    for (const overrides of [{}, { deployment: undefined }]) {
      expect(troubleOf(held, [], overrides)).toMatchObject({
        code: 'ENDING_FINALIZER',
        reason: 'PodFinalizer',
        message:
          'Pod ws-dev-0 has been ending since 2026-06-01T10:00:00Z: its programs have ended, but the finalizer x.test/y waits for somebody who takes it away',
        suggestions: [saying(`kubectl patch pod ws-dev-0 --type merge --patch '{"metadata":{"finalizers":null}}'`)],
        waiting: 'useless',
      });
    }
    expect(troubleOf({ ...held, finalizers: ['a/b', 'c/d'] })?.message).toContain('the finalizers a/b, c/d wait');
  });

  it('is on a node that does not report, which its event or its condition tells', () => {
    const expected = {
      reason: 'NodeNotReady',
      message: expect.stringContaining('its node node-1 does not report'),
      suggestions: [saying('kubectl delete pod ws-dev-0 --grace-period=0 --force')],
    };
    expect(troubleOf({}, [lost])).toMatchObject(expected);
    expect(troubleOf({ ...held, isRunning: true }, [lost])).toMatchObject(expected);
    for (const disruption of ['DeletionByTaintManager', 'NodeLost'])
      expect(troubleOf({ disruption })).toMatchObject(expected);
  });

  it('is no trouble while its programs have their time', () => {
    expect(troubleOf({})).toBeUndefined();
    expect(troubleOf({ isRunning: false })).toBeUndefined();
    expect(troubleOf({ finalizers: ['x.test/y'] })).toBeUndefined();
    expect(troubleOf({}, [event('Pod/ws-dev-9', 'NodeNotReady', '', 'Warning')])).toBeUndefined();
    expect(troubleOf({ disruption: 'EvictionByEvictionAPI' })).toBeUndefined();
  });

  it('is no matter once the next pod is there', () => {
    expect(diagnose(snapshot({ endingPods: [endingPod(held)] })).causes).toEqual([]);
  });
});

describe('what a starting workspace is doing', () => {
  const own = (reason: string, message = '') => event('Pod/ws-dev-1', reason, message);
  it.each<[string, Partial<WorkspaceSnapshot>, object]>([
    ['waits for a pod', { pod: undefined }, { kind: 'pod-awaited' }],
    ['looks for a node', { pod: pendingPod({ node: undefined }) }, { kind: 'scheduling', message: undefined }],
    [
      'pulls the image',
      { pod: pendingPod(), events: [own('Pulling')] },
      { kind: 'pulling', image: 'ws-workspace:0.2.0' },
    ],
    ['has pulled the image', { pod: pendingPod(), events: [own('Pulling'), own('Pulled')] }, { kind: 'starting' }],
    [
      'starts the server, though the status does not tell yet that its container runs',
      { pod: pendingPod(), events: [own('Pulled'), { ...own('Started'), container: 'workspace' }] },
      { kind: 'probing' },
    ],
    [
      'does not take the start of another container for that',
      { pod: pendingPod(), events: [own('Pulled'), own('Started'), { ...own('Started'), container: 'sidecar' }] },
      { kind: 'starting' },
    ],
    [
      'mounts the volume',
      { pod: pendingPod(), events: [own('FailedMount', 'not attached yet')] },
      { kind: 'attaching', message: 'not attached yet' },
    ],
    [
      "does not read another pod's events",
      { pod: pendingPod(), events: [event('Pod/ws-dev-0', 'Pulling', '')] },
      { kind: 'starting' },
    ],
    ['starts the server', { pod: pod({ ready: false }) }, { kind: 'probing' }],
    [
      'restarts',
      {
        pod: pod({
          ready: false,
          container: container({ restarts: 2, lastEnd: { reason: 'OOMKilled', exitCode: 137, message: undefined } }),
        }),
      },
      { kind: 'restarting', restarts: 2, reason: 'OOMKilled' },
    ],
  ])('it %s', (_name, overrides, fact) => {
    expect(diagnose(snapshot(overrides))).toMatchObject({ state: 'starting', fact, causes: [] });
  });
});
