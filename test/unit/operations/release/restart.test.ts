import { describe, expect, it } from 'vitest';
import { settlePod } from '../../../../src/operations/release/restart.ts';
import { type Surroundings, UNASKED } from '../../../../src/workspace/diagnosis/scene.ts';
import { failure, interrupted, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import type { InUse } from '../../../../src/workspace/in-use.ts';
import type { Resize } from '../../../../src/workspace/state/cluster-pods.ts';
import type { Permission } from '../../../../src/workspace/world.ts';
import { deployment, snapshot } from '../../workspace/snapshots.ts';
import { fakeClock, fakeWorld, NEVER, run } from '../fake-world.ts';

const template = (cpu: string, image = 'a', memory = '1Gi') => ({
  spec: { containers: [{ name: 'workspace', image, resources: { limits: { cpu, memory }, requests: {} } }] },
});
const BUSY: InUse = { kind: 'somebody', sessions: 1, sinceMs: undefined, detached: 0 };

interface Stage {
  after?: object;
  states?: (Resize | Error)[];
  missing?: Permission[];
  inUse?: InUse;
  mayResize?: boolean;
  isHeld?: boolean;
  agrees?: boolean;
  /** The API server's words instead of a resize. */
  refusal?: string;
  who?: 'person' | 'defaults';
  /** Somebody else holds the Deployment, as this one is seen or when it is to be held. */
  isLive?: boolean;
  isTaken?: boolean;
  /** Somebody else has written the release meanwhile. */
  hasMoved?: boolean;
  /** What can be seen around the workspace. */
  around?: Partial<Surroundings>;
}

async function settle(stage: Stage = {}) {
  const { after = template('1'), states = [{ kind: 'done' }], missing = [], inUse = BUSY, mayResize = true } = stage;
  const done: string[] = [];
  const found = snapshot({ deployment: deployment(stage.isHeld === true ? { isHeld: true } : {}) });
  const look = async (): Promise<Resize> => {
    const state = states.length > 1 ? states.shift() : states[0];
    if (state instanceof Error) throw state;
    return state as Resize;
  };
  const { world, calls } = fakeWorld({
    clock: fakeClock(),
    releases: { preview: async () => ({ before: template('2'), after, values: {} }) },
    cluster: {
      findMissingPermissions: async () => missing,
      findWorkspace: async () => (stage.isLive === true ? snapshot({}) : found),
      lookAround: async () => ({ ...UNASKED, ...stage.around }),
      pods: {
        previewTemplate: async () => ({ now: template('2'), then: after }),
        resize: async (_pod: string, { limits }: { limits?: Record<string, string> }) => {
          if (stage.refusal !== undefined && limits?.['memory'] !== '1Gi')
            throw failure('NOT_PERMITTED', { message: 'x', reason: stage.refusal });
          done.push(`cpu ${limits?.['cpu']}`);
        },
        findResize: look,
        holdRollout: async () => {
          if (stage.isTaken === true) return false;
          done.push('hold');
          return true;
        },
        goOn: async (_name: string, keepPod: boolean) => void done.push(keepPod ? 'go on, same pod' : 'go on'),
      } as never,
    },
  });
  const reasons: (string | undefined)[] = [];
  const agreeToRestart = async (_workspace: string, _inUse: InUse, why?: string) => {
    done.push('ask');
    reasons.push(why);
    if (stage.agrees === false) throw interrupted();
  };
  const verifyUnmoved = async () => {
    if (stage.hasMoved === true) throw failure('WORKSPACE_BUSY', { message: 'moved' });
  };
  const asked = { workspace: 'dev', release: 'ws-dev', found, values: {}, valuesFiles: [], mayResize };
  const rewrite = { ...asked, verifyUnmoved };
  const asker = { who: stage.who ?? ('person' as const), agreeToRestart };
  const settled = await run(settlePod({ ...rewrite, asker }, inUse, world, NEVER));
  const notices = settled.events.flatMap((event) => (event.type === 'noticed' ? [event.notice] : []));
  return { ...settled, done, calls, notices, reasons };
}

describe('a change of a workspace that runs', () => {
  it('of CPU is done in the pod, asks nobody, and keeps the pod', async () => {
    const { result, done } = await settle({ states: [{ kind: 'going-on' }, { kind: 'done' }] });
    expect([result?.isInPlace, done]).toEqual([true, ['hold', 'cpu 1']]);
    await result?.finish();
    expect(done.at(-1)).toBe('go on, same pod');
  });

  it.each<[string, Stage, string[]]>([
    ['holds it already', { isTaken: true }, []],
    ['has written it meanwhile', { hasMoved: true }, ['hold', 'go on, same pod']],
    ['is at work since before', { isHeld: true, isLive: true }, []],
  ])('touches no pod where somebody else %s', async (_what, stage, expected) => {
    const { error, done } = await settle(stage);
    expect(error).toMatchObject({ code: 'WORKSPACE_BUSY' });
    expect(done).toEqual(expected);
  });

  it('waits for a hold that stands, says so, and ends it where nobody is at work', async () => {
    const { notices, done, error } = await settle({ isHeld: true });
    expect(error).toBeUndefined();
    expect(notices).toMatchObject([
      { kind: 'trouble', code: 'WORKSPACE_BUSY', message: expect.stringMatching(/has not ended, and ws waits/) },
      { kind: 'trouble-passed', code: 'WORKSPACE_BUSY' },
    ]);
    expect(done).toEqual(['hold', 'cpu 1']);
  });

  it('is put back when Helm fails', async () => {
    const { result, done } = await settle();
    await result?.undo();
    expect(done).toEqual(['hold', 'cpu 1', 'cpu 2', 'go on, same pod']);
  });

  it.each<[string, Stage, RegExp]>([
    ['has no room', { states: [{ kind: 'refused', why: 'Node has no room' }] }, /running pod: Node has no room$/],
    ['does not do it', { states: [{ kind: 'going-on' }] }, /its node has not done it within 5 s$/],
    ['knows no such thing', { states: [failure('BAD_VALUE', { message: 'x', reason: 'no resize' })] }, /no resize$/],
  ])('is put back where the node %s, and asked about as a restart', async (_what, stage, why) => {
    const { done, notices, reasons, events, result } = await settle(stage);
    expect(done).toEqual(['hold', 'cpu 1', 'cpu 2', 'go on, same pod', 'ask']);
    // Whoever is asked reads it above the question.
    expect([reasons, notices]).toEqual([[expect.stringMatching(why)], []]);
    expect(events.at(-1)).toMatchObject({ type: 'advanced', fact: { kind: 'resizing', limitMs: 5000 } });
    expect(result?.isInPlace).toBe(false);
  });

  it('says that it restarts where --yes was given, and what may be in the way of less memory', async () => {
    const after = template('2', 'a', '96Mi');
    const { notices } = await settle({
      after,
      states: [{ kind: 'going-on' }],
      who: 'defaults',
      inUse: { kind: 'nobody' },
    });
    const text =
      'CPU and memory cannot change in the running pod: its node has not done it within 5 s; more memory may be in use than that, file cache included. It restarts, as --yes allows';
    expect(notices).toEqual([{ kind: 'text', text }]);
  });

  const quota = (numbers: string) => `pods "ws-dev-1" is forbidden: exceeded quota: compute, ${numbers}`;

  it.each<[string, string, string, string, object]>([
    [
      'a quota',
      '8Gi',
      quota('requested: limits.memory=7Gi, used: limits.memory=2Gi, limited: limits.memory=6Gi'),
      'quota compute, limits.memory: requested 8Gi, used by others 1Gi, limit 6Gi',
      { program: 'ws', words: ['up', '--memory', '5Gi'] },
    ],
    [
      'a quota without room for more than it has',
      '8Gi',
      quota('requested: limits.memory=7Gi, used: limits.memory=6Gi, limited: limits.memory=6Gi'),
      'quota compute, limits.memory: requested 8Gi, used by others 5Gi, limit 6Gi',
      { program: 'kubectl', words: ['describe', 'quota'] },
    ],
    [
      'a LimitRange',
      '8Gi',
      'pods "ws-dev-1" is forbidden: maximum memory usage per Container is 4Gi, but limit is 8Gi',
      'maximum of memory per Container: 4Gi, limit: 8Gi',
      { program: 'ws', words: ['up', '--memory', '4Gi'] },
    ],
  ])('that %s refuses is no restart either, and says what fits', async (_who, memory, refusal, told, first) => {
    for (const who of ['person', 'defaults'] as const) {
      const { done, error, notices } = await settle({ after: template('2', 'a', memory), refusal, who });
      expect([done, notices]).toEqual([['hold', 'cpu 2', 'go on, same pod'], []]);
      expect(error).toMatchObject({ code: 'NOT_PERMITTED', reason: expect.stringContaining(told) });
      expect((error as WorkspaceError).reason).toMatch(/\nNothing was changed$/);
      expect((error as WorkspaceError).suggestions[0]).toMatchObject(first);
    }
  });

  it('of which a webhook refuses the resize alone is asked about as a restart', async () => {
    const refusal = 'admission webhook "no-resize.example.com" denied the request: pods stay as they are';
    const { done } = await settle({ after: template('2', 'a', '8Gi'), refusal });
    expect(done).toEqual(['hold', 'cpu 2', 'go on, same pod', 'ask']);
  });

  it('touches no pod without the rights', async () => {
    const { done, reasons } = await settle({ missing: [{ group: '', resource: 'pods', verb: 'patch' }] });
    expect(done).toEqual(['ask']);
    expect(reasons).toEqual([expect.stringMatching(/you may not resize pods$/)]);
  });

  const QUOTA: Partial<Surroundings> = {
    quotas: {
      kind: 'seen',
      items: [{ name: 'compute', isScoped: false, hard: { 'limits.memory': '6Gi' }, used: { 'limits.memory': '2Gi' } }],
    },
  };
  const RANGE: Partial<Surroundings> = {
    limitRanges: { kind: 'seen', items: [{ name: 'lr', type: 'Container', min: {}, max: { memory: '4Gi' } }] },
  };
  const MISSING: Permission[] = [{ group: '', resource: 'pods', subresource: 'resize', verb: 'patch' }];

  it.each<[string, Stage, string, string]>([
    ['a quota', { around: QUOTA }, '8Gi', 'requested 8Gi, used by others 1Gi, limit 6Gi'],
    ['a LimitRange', { around: RANGE }, '5Gi', 'maximum of memory per Container: 4Gi, limit: 5Gi'],
  ])('is no restart without the rights where %s will refuse it', async (_what, stage, memory, told) => {
    for (const who of ['person', 'defaults'] as const)
      for (const image of ['a', 'b']) {
        const { done, error } = await settle({ ...stage, after: template('2', image, memory), missing: MISSING, who });
        expect(done).toEqual([]);
        expect(error).toMatchObject({ code: 'NOT_PERMITTED', reason: expect.stringContaining(told) });
      }
  });

  it('is a restart without the rights where all has room for it', async () => {
    const { done } = await settle({ around: QUOTA, after: template('2', 'a', '5Gi'), missing: MISSING });
    expect(done).toEqual(['ask']);
  });

  it('that needs another pod asks, and changes nothing after a No', async () => {
    const { done, error } = await settle({ after: template('2', 'b'), agrees: false });
    expect([done, error]).toEqual([['ask'], expect.objectContaining({ code: 'INTERRUPTED' })]);
  });

  it('that disturbs nobody is not even looked at', async () => {
    const { done, calls } = await settle({ inUse: { kind: 'nobody' }, mayResize: false });
    expect([done, calls]).toEqual([[], []]);
  });

  it('ends what a ws that was killed has left, without a restart where there is nothing to change', async () => {
    const same = await settle({ isHeld: true, after: template('2'), inUse: { kind: 'nobody' }, mayResize: false });
    await same.result?.finish();
    expect(same.done).toEqual(['go on, same pod']);
    const other = await settle({ isHeld: true, after: template('2', 'b') });
    await other.result?.finish();
    expect(other.done).toEqual(['ask', 'go on']);
  });
});
