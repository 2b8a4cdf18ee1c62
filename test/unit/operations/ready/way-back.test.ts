import { describe, expect, it } from 'vitest';
import { findWayBack, withWayBack } from '../../../../src/operations/ready/way-back.ts';
import type { Choices } from '../../../../src/workspace/choices/chosen.ts';
import { failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { ws } from '../../../../src/workspace/errors/suggestion.ts';
import type { PodWants, WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { toLines } from '../../../spelling.ts';
import { deployment, pendingPod, snapshot } from '../../workspace/snapshots.ts';

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
    ['an image', before, { image: 'tpyo' }, 'ws up dev --image ws-workspace:0.1.0'],
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
      'ws up dev --image ws-workspace:0.1.0 --memory 4Gi --node-selector disk=ssd',
    ],
    ['a stopped one', stopped, { image: 'tpyo' }, 'ws up dev --image ws-workspace:0.1.0'],
    [
      'what is as it was',
      before,
      { image: 'docker.io/library/ws-workspace:0.1.0', memory: '4096Mi', cpu: '2000m' },
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

  it('comes before what else may help, and once', () => {
    const suggestions = [ws`up --image NAME:TAG`, ws`up --image ws-workspace:0.1.0`];
    const error = failure('WORKSPACE_FAILED', { message: 'm', reason: 'r', suggestions });
    const told = withWayBack(error, before, { image: 'tpyo' }) as WorkspaceError;
    expect(told).toMatchObject({ code: 'WORKSPACE_FAILED', message: 'm', reason: 'r' });
    expect(toLines(told.suggestions)).toEqual(['ws up dev --image ws-workspace:0.1.0', 'ws up --image NAME:TAG']);
  });

  it('is no part of another error', () => {
    const error = failure('CONNECTION_FAILED', { message: 'm' });
    expect(withWayBack(error, before, { image: 'tpyo' })).toBe(error);
  });
});
