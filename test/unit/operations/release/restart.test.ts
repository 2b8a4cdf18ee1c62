import { describe, expect, it } from 'vitest';
import { settlePod } from '../../../../src/operations/release/restart.ts';
import { failure, interrupted } from '../../../../src/workspace/errors/errors.ts';
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
  who?: 'person' | 'defaults';
}

async function settle(stage: Stage = {}) {
  const { after = template('1'), states = [{ kind: 'done' }], missing = [], inUse = BUSY, mayResize = true } = stage;
  const done: string[] = [];
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
      pods: {
        previewTemplate: async () => ({ now: template('2'), then: after }),
        resize: async (_pod: string, { limits }: { limits?: Record<string, string> }) =>
          void done.push(`cpu ${limits?.['cpu']}`),
        findResize: look,
        holdRollout: async () => void done.push('hold'),
        goOn: async (_name: string, keepPod: boolean) => void done.push(keepPod ? 'go on, same pod' : 'go on'),
      } as never,
    },
  });
  const agreeToRestart = async () => {
    done.push('ask');
    if (stage.agrees === false) throw interrupted();
  };
  const found = snapshot({ deployment: deployment(stage.isHeld === true ? { isHeld: true } : {}) });
  const rewrite = { workspace: 'dev', release: 'ws-dev', found, values: {}, valuesFiles: [], mayResize };
  const asker = { who: stage.who ?? ('person' as const), agreeToRestart };
  const settled = await run(settlePod({ ...rewrite, asker }, inUse, world, NEVER));
  const notices = settled.events.flatMap((event) => (event.type === 'noticed' ? [event.notice] : []));
  return { ...settled, done, calls, notices };
}

describe('a change of a workspace that runs', () => {
  it('of CPU is done in the pod, asks nobody, and keeps the pod', async () => {
    const { result, done } = await settle({ states: [{ kind: 'going-on' }, { kind: 'done' }] });
    expect([result?.isInPlace, done]).toEqual([true, ['cpu 1', 'hold']]);
    await result?.finish();
    expect(done.at(-1)).toBe('go on, same pod');
  });

  it('is put back when Helm fails', async () => {
    const { result, done } = await settle();
    await result?.undo();
    expect(done).toEqual(['cpu 1', 'hold', 'cpu 2', 'go on, same pod']);
  });

  it.each<[string, Stage, RegExp]>([
    ['has no room', { states: [{ kind: 'refused', why: 'Node has no room' }] }, /running pod: Node has no room$/],
    ['does not do it', { states: [{ kind: 'going-on' }] }, /its node has not done it within 5 s$/],
    ['knows no such thing', { states: [failure('BAD_VALUE', { message: 'x', reason: 'no resize' })] }, /no resize$/],
  ])('is put back where the node %s, and asked about as a restart', async (_what, stage, why) => {
    const { done, notices, result } = await settle(stage);
    expect(done).toEqual(['cpu 1', 'cpu 2', 'ask']);
    expect(notices).toEqual([{ kind: 'text', text: expect.stringMatching(why) }]);
    expect(result?.isInPlace).toBe(false);
  });

  it('says that it restarts where --yes was given, and what may be in the way of less memory', async () => {
    const after = template('2', 'a', '96Mi');
    const { events } = await settle({
      after,
      states: [{ kind: 'going-on' }],
      who: 'defaults',
      inUse: { kind: 'nobody' },
    });
    const text =
      'CPU and memory cannot change in the running pod: its node has not done it within 5 s; more memory may be in use than that, file cache included. It restarts, as --yes allows';
    expect(events).toEqual([{ type: 'noticed', level: 'warning', notice: { kind: 'text', text } }]);
  });

  it('touches no pod without the rights', async () => {
    const { done, notices } = await settle({ missing: [{ group: '', resource: 'pods', verb: 'patch' }] });
    expect(done).toEqual(['ask']);
    expect(notices).toEqual([{ kind: 'text', text: expect.stringMatching(/you may not resize pods$/) }]);
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
