import { describe, expect, it } from 'vitest';
import { toInfo } from '../../../src/workspace/state/info.ts';
import { claim, claimHome, container, keptHome, pendingPod, pod, snapshot, waiting } from './snapshots.ts';

describe('what --json says of a workspace', () => {
  it('names where it is, how it is and what it runs', () => {
    expect(toInfo(snapshot({ pod: pod({ container: container({ restarts: 2 }) }) }), 'kind')).toEqual({
      name: 'dev',
      namespace: 'team',
      context: 'kind',
      release: 'ws-dev',
      state: 'ready',
      trouble: undefined,
      causes: undefined,
      user: 'alice',
      createdAt: '2026-06-01T10:00:00Z',
      image: 'ws-workspace:0.2.0',
      pod: 'ws-dev-1',
      node: 'node-1',
      restarts: 2,
      home: {
        kind: 'emptyDir',
        claim: undefined,
        size: undefined,
        storageClass: undefined,
        subPath: undefined,
        kept: false,
      },
    });
  });

  it('says what is wrong, the nearest cause alone and all of them', () => {
    const info = toInfo(snapshot({ pod: pendingPod({ container: waiting('ErrImagePull', 'no') }) }), 'kind');
    expect(info.state).toBe('failing');
    expect(Object.keys(info.trouble ?? {})).toEqual(['code', 'reason', 'message', 'evidence', 'suggestion']);
    expect(info.causes?.[0]).toMatchObject({ code: info.trouble?.code, unseen: [] });
  });

  it('knows owner, age and size of a kept home from its claim alone', () => {
    expect(toInfo(keptHome(), 'kind')).toMatchObject({
      state: 'kept-home',
      user: 'alice',
      createdAt: '2026-05-01T10:00:00Z',
      pod: undefined,
      home: { kind: 'claim', claim: 'ws-dev-home', size: '12Gi', storageClass: 'fast', kept: true },
    });
    expect(toInfo(keptHome({ user: undefined }), 'kind').user).toBe('');
  });

  it('shows what was asked for while there is no volume, and the folder of a shared one', () => {
    const home = { kind: 'claim', claim: claim({ capacity: undefined }), kept: true, subPath: 'a' } as const;
    expect(toInfo(snapshot({ home }), 'kind').home).toMatchObject({ size: '10Gi', subPath: 'a', kept: false });
    expect(toInfo(snapshot({ home: claimHome() }), 'kind').home.kept).toBe(false);
  });

  it('has what was asked for beside what there is, while the volume has not grown', () => {
    const homeOf = (requested: string, phase: string) =>
      toInfo(snapshot({ home: claimHome({ requested, capacity: '1Gi', phase }) }), 'kind').home;
    expect(homeOf('2Gi', 'Bound')).toMatchObject({ size: '1Gi', asked: '2Gi' });
    expect(homeOf('1024Mi', 'Bound')).not.toHaveProperty('asked');
    expect(homeOf('2Gi', 'Lost')).not.toHaveProperty('asked');
  });

  it('names a claim that is missing', () => {
    const home = { kind: 'missing-claim', name: 'data' } as const;
    expect(toInfo(snapshot({ home }), 'kind').home).toMatchObject({ kind: 'claim', claim: 'data', size: undefined });
  });
});
