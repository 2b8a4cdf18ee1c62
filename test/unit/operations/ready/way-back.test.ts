import { describe, expect, it } from 'vitest';
import { findWayBack, leadBack } from '../../../../src/operations/ready/way-back.ts';
import type { Choices } from '../../../../src/workspace/choices/chosen.ts';
import { failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { type Suggestion, ws } from '../../../../src/workspace/errors/suggestion.ts';
import type { DeploymentSnapshot, PodWants, WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { toLines } from '../../../spelling.ts';
import { deployment, pendingPod, snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, NEVER } from '../fake-world.ts';

const wants: PodWants = {
  requests: { cpu: '100m', memory: '128Mi' },
  limits: { cpu: '2', memory: '4Gi' },
  nodeSelector: { disk: 'ssd' },
  affinity: [],
  tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'dev', effect: 'NoSchedule' }],
  pullSecrets: [],
};
const before = snapshot({ deployment: deployment({ wants }) });
const bare = snapshot({ deployment: deployment({ wants: { ...wants, nodeSelector: {}, tolerations: [] } }) });
const broken = snapshot({ deployment: deployment({ wants }), pod: pendingPod() });
const stopped = snapshot({ deployment: deployment({ wants, replicas: 0 }), pod: undefined });

describe('the way back from a change that does not come up', () => {
  it.each<[string, WorkspaceSnapshot | undefined, Choices, string | undefined]>([
    ['an image', before, { image: 'tpyo' }, 'ws up dev --image ws-workspace:0.2.0'],
    ['memory', before, { memory: '900Gi' }, 'ws up dev --memory 4Gi'],
    ['CPU', before, { cpu: '900' }, 'ws up dev --cpu 2'],
    ['a selector', before, { nodeSelector: [['disk', 'none']] }, 'ws up dev --node-selector disk=ssd'],
    ['a first selector', bare, { nodeSelector: [['disk', 'none']] }, "ws up dev --node-selector ''"],
    [
      'a toleration',
      before,
      { toleration: [{ key: 'x', operator: 'Exists' }] },
      'ws up dev --toleration dedicated=dev:NoSchedule',
    ],
    ['a user ID', before, { uid: 2000 }, 'ws up dev --uid 1000'],
    ['a username', before, { user: 'bob' }, 'ws up dev --user alice'],
    [
      'several',
      before,
      { image: 'tpyo', memory: '1Gi', nodeSelector: [['a', 'b']] },
      'ws up dev --image ws-workspace:0.2.0 --memory 4Gi --node-selector disk=ssd',
    ],
    ['a stopped one', stopped, { image: 'tpyo' }, 'ws up dev --image ws-workspace:0.2.0'],
    [
      'what is as it was',
      before,
      { image: 'docker.io/library/ws-workspace:0.2.0', memory: '4096Mi', cpu: '2000m' },
      undefined,
    ],
    ['the selector that was there', before, { nodeSelector: [['disk', 'ssd']] }, undefined],
    ['a first toleration', bare, { toleration: [{ key: 'x', operator: 'Exists' }] }, undefined],
    ['one that did not work before', broken, { image: 'tpyo' }, undefined],
    ['a new one', undefined, { image: 'tpyo' }, undefined],
  ])('of %s', (_what, found, choices, expected) => {
    const back = findWayBack(found, choices);
    expect(back === undefined ? undefined : toLines([back])[0]).toBe(expected);
  });

  it('comes before what else may help, and once', async () => {
    const suggestions = [ws`up --image NAME:TAG`, ws`up --image ws-workspace:0.2.0`];
    const told = await lead(failed(suggestions), { before, choices: { image: 'tpyo' } });
    expect(told).toMatchObject({ code: 'WORKSPACE_FAILED', message: 'm', reason: 'r' });
    expect(toLines(told.suggestions)).toEqual(['ws up dev --image ws-workspace:0.2.0', 'ws up --image NAME:TAG']);
  });

  it('is no part of another error', async () => {
    const error = failure('CONNECTION_FAILED', { message: 'm' });
    expect(await lead(error, { before, choices: { image: 'tpyo' } })).toBe(error);
  });
});

describe('the way back from what an earlier run has changed', () => {
  const now = snapshot({ pod: pendingPod(), deployment: deployment({ image: 'tpyo', wants }) });
  const earlier = deployment({ wants: { ...wants, limits: { cpu: '1', memory: '4Gi' } } });
  const again = { before: undefined, choices: {} };

  it.each<[string, DeploymentSnapshot[], string[]]>([
    ['what it was before', [earlier], ['ws up dev --image ws-workspace:0.2.0 --cpu 1']],
    [
      'the newest that was another',
      [deployment({ image: 'tpyo', wants }), earlier],
      ['ws up dev --image ws-workspace:0.2.0 --cpu 1'],
    ],
    ['nothing, where nothing earlier is known', [], []],
  ])('is %s', async (_what, known, lines) => {
    const told = await lead(failed([ws`logs`]), again, { now, earlier: async () => known });
    expect(toLines(told.suggestions)).toEqual([...lines, 'ws logs']);
  });

  it('is not told where nobody may look, or where something was chosen', async () => {
    const error = failed([ws`logs`]);
    const earlierRefused = async () => {
      throw failure('NOT_PERMITTED', { message: 'm' });
    };
    expect(await lead(error, again, { now, earlier: earlierRefused })).toBe(error);
    expect(await lead(error, { before: broken, choices: { cpu: '3' } }, { now, earlier: async () => [earlier] })).toBe(
      error,
    );
  });
});

const failed = (suggestions: Suggestion[]) => failure('WORKSPACE_FAILED', { message: 'm', reason: 'r', suggestions });

async function lead(
  error: WorkspaceError,
  started: { before: WorkspaceSnapshot | undefined; choices: Choices },
  { now, earlier }: { now?: WorkspaceSnapshot; earlier?: () => Promise<DeploymentSnapshot[]> } = {},
) {
  const pods = { findEarlier: earlier } as never;
  const { world } = fakeWorld({ cluster: { findWorkspace: async () => now, pods } });
  return (await leadBack(error, { workspace: 'dev', ...started }, world, NEVER)) as WorkspaceError;
}
