import { describe, expect, it } from 'vitest';
import { judgeCredentials, judgeKubeconfig, judgeWorkspaces } from '../../../../src/operations/doctor/cluster.ts';
import { judgeImage } from '../../../../src/operations/doctor/image.ts';
import { unusable } from '../../../../src/operations/login/explain-refusal.ts';
import type { WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { saying } from '../../../spelling.ts';
import { pendingPod, snapshot } from '../../workspace/snapshots.ts';

const workspace = (name: string, sharedMemory?: string, image = 'ws-workspace:1', state = 'running') =>
  ({
    name,
    deployment: { name, sharedMemory },
    pod: { ready: state === 'running', image, container: { state } },
  }) as unknown as WorkspaceSnapshot;

describe('what ws doctor says of the way to the cluster', () => {
  const files = (...paths: [string, boolean][]) =>
    judgeKubeconfig({
      context: 'work',
      access: {
        files: paths.map(([path, isThere]) => ({ path, isThere })),
        credentials: { kind: 'none' },
        variables: [],
      },
    });

  it('names each file of a list, and those that are not there', () => {
    expect(files(['/a', true], ['/b', true])).toMatchObject({ verdict: 'good', detail: '/a, /b, context work' });
    expect(files(['/a', true], ['/b', false])).toMatchObject({
      verdict: 'warning',
      detail: '/a, context work; not there: /b',
    });
    expect(files()).toMatchObject({ verdict: 'good', detail: expect.stringContaining('service account') });
  });

  it('names the plugin that is to be run, or that is missing', () => {
    const plugin = { kind: 'plugin', command: 'aws', foundAt: undefined, installHint: 'Get it\nat once' } as const;
    expect(judgeCredentials({ ...plugin, foundAt: '/bin/aws' })).toMatchObject({
      verdict: 'good',
      detail: 'the plugin /bin/aws',
    });
    expect(judgeCredentials(plugin)).toEqual({
      verdict: 'bad',
      detail: 'the plugin aws is not on PATH: Get it',
      suggestion: undefined,
    });
    expect(judgeCredentials({ kind: 'certificate' }).detail).toBe('a certificate of the kubeconfig');
    expect(judgeCredentials({ kind: 'none' }).verdict).toBe('warning');
  });

  it('finds a workspace with the small /dev/shm of a container', () => {
    expect(judgeWorkspaces([workspace('dev', '1Gi')])).toMatchObject({
      verdict: 'good',
      detail: 'dev (ready)',
    });
    expect(judgeWorkspaces([workspace('dev', '1Gi'), workspace('old')])).toMatchObject({
      verdict: 'warning',
      detail: expect.stringContaining('old: /dev/shm'),
      suggestion: saying('ws up old --repair'),
    });
    const many = Array.from({ length: 8 }, (_, index) => workspace(`w${index}`, '1Gi'));
    expect(judgeWorkspaces(many).detail).toMatch(/w4 .*, 3 more$/);
  });

  it('names the one that is ready and that no key opens', () => {
    const closed = new Map([['ws-dev', unusable('dev', 'Secret keys: authorized_keys is empty')]]);
    const { verdict, detail, suggestion } = judgeWorkspaces([snapshot(), snapshot({ release: 'ws-api' })], { closed });
    expect(verdict).toBe('warning');
    expect(detail).toMatch(/^dev: [^;]*no authorized key.* \(AUTHORIZED_KEYS_UNUSABLE\)$/);
    expect(suggestion).toEqual(saying('ws keys add dev FILE.pub'));
  });

  it('says once what is wrong with several', () => {
    const unpullable = { state: 'waiting', reason: 'InvalidImageName', message: 'x' } as never;
    const broken = (name: string) => snapshot({ name, pod: pendingPod({ container: unpullable }) });
    const { detail } = judgeWorkspaces([broken('a'), broken('b'), broken('c')]);
    expect(detail).toMatch(/^a, b and c: [^;]*$/);
  });
});

describe('what ws doctor says of the image', () => {
  const OWN = { name: 'ws-workspace:1', from: undefined };
  const GIVEN = { name: 'registry.example.com/x:1', from: 'WS_IMAGE' };
  const none = { nodes: { all: 2, having: [] }, refusal: undefined };

  it('is good where it runs, or lies on a node', () => {
    expect(judgeImage(OWN, none, [workspace('dev')])).toMatchObject({
      verdict: 'good',
      detail: 'ws-workspace:1; the workspace dev runs it',
    });
    expect(judgeImage(GIVEN, { ...none, nodes: { all: 1, having: ['a'] } }, [])).toMatchObject({
      verdict: 'good',
      detail: 'registry.example.com/x:1 (WS_IMAGE); on 1 of 1 node',
    });
  });

  it('is never good without evidence', () => {
    expect(judgeImage(OWN, none, [])).toMatchObject({
      verdict: 'warning',
      detail: 'ws-workspace:1, which nobody has published; no node reports it',
      suggestion: saying(/README/),
    });
    expect(
      judgeImage(OWN, { ...none, nodes: undefined }, [workspace('dev', '1Gi', 'ws-workspace:1', 'waiting')]).detail,
    ).toContain('cannot be seen without the right to list nodes');
    expect(judgeImage(GIVEN, none, [])).toMatchObject({
      verdict: 'warning',
      detail: expect.stringContaining('first ws up'),
    });
    const refusal = { said: 'not found', at: undefined };
    expect(judgeImage(GIVEN, { ...none, refusal }, [])).toMatchObject({
      verdict: 'warning',
      detail: expect.stringContaining('a node could not pull it: not found'),
    });
  });
});
