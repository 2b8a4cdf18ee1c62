import { describe, expect, it } from 'vitest';
import {
  type Choices,
  isUnchanged,
  parseImage,
  parseNodeSelector,
  parseToleration,
  toValues,
} from '../../../src/workspace/choices/choices.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('values for what was chosen', () => {
  it.each<[string, Choices, object]>([
    ['nothing', {}, {}],
    ['a username', { user: 'alice' }, { user: { name: 'alice' } }],
    ['IDs', { uid: 1, gid: 2 }, { user: { uid: 1, gid: 2 } }],
    ['no volume', { home: { kind: 'emptyDir' } }, { home: { type: 'emptyDir' } }],
    [
      "the cluster's own class",
      { home: { kind: 'claim', storageClass: undefined, size: '5Gi' } },
      { home: { type: 'claim', size: '5Gi' } },
    ],
    [
      'a class',
      { home: { kind: 'claim', storageClass: 'fast', size: undefined } },
      { home: { type: 'claim', storageClass: 'fast' } },
    ],
    [
      'a claim that is there',
      { home: { kind: 'existing-claim', name: 'data' } },
      { home: { type: 'existingClaim', existingClaim: 'data' } },
    ],
    ['a folder of the volume', { subPath: 'a/b' }, { home: { subPath: 'a/b' } }],
    ['keys', { authorizedKeys: ['ssh-ed25519 AAAA'] }, { authorizedKeys: ['ssh-ed25519 AAAA'] }],
    ['an image', { image: 'ws:1' }, { image: { repository: 'ws', tag: '1' } }],
    ['amounts', { cpu: '2', memory: '4Gi' }, { resources: { limits: { cpu: '2', memory: '4Gi' } } }],
    ['one amount', { cpu: '500m' }, { resources: { limits: { cpu: '500m' } } }],
    ['a node', { nodeSelector: { disk: 'ssd' } }, { nodeSelector: { disk: 'ssd' } }],
    [
      'a taint',
      { tolerations: [{ key: 'k', operator: 'Exists' }] },
      { tolerations: [{ key: 'k', operator: 'Exists' }] },
    ],
  ])('%s', (_name, choices, values) => {
    expect(toValues('dev', choices)).toEqual({ workspace: 'dev', ...values });
    expect(isUnchanged(choices)).toBe(Object.keys(choices).length === 0);
  });

  it('says nothing was chosen when every answer is open', () => {
    expect(isUnchanged({ user: undefined, uid: undefined } as unknown as Choices)).toBe(true);
  });

  it('leaves what an existing workspace was made with, key by key', () => {
    const existing = {
      workspace: 'dev',
      user: { name: 'alice', uid: 1001 },
      home: { type: 'claim', storageClass: 'fast', size: '10Gi' },
      authorizedKeys: ['one', 'two'],
      service: { type: 'NodePort' },
    };
    const before = structuredClone(existing);
    expect(toValues('dev', { uid: 2000, authorizedKeys: ['three'], memory: '1Gi' }, existing)).toEqual({
      ...existing,
      user: { name: 'alice', uid: 2000 },
      authorizedKeys: ['three'],
      resources: { limits: { memory: '1Gi' } },
    });
    expect(existing).toEqual(before);
    expect(toValues('dev', {}, existing)).toEqual(existing);
  });

  it('never leaves an old tag or digest beside another image', () => {
    const existing = { image: { repository: 'old', tag: '1', digest: DIGEST, pullPolicy: 'Always' } };
    expect(toValues('dev', { image: 'new:2' }, existing).image).toEqual({
      repository: 'new',
      tag: '2',
      pullPolicy: 'Always',
    });
    expect(toValues('dev', { image: 'new' }, existing).image).toEqual({ repository: 'new', pullPolicy: 'Always' });
    expect(toValues('dev', { user: 'alice' }, existing).image).toEqual(existing.image);
  });
});

describe('an image', () => {
  it.each([
    ['ws', { repository: 'ws' }],
    ['ws:1.2-x', { repository: 'ws', tag: '1.2-x' }],
    ['reg.example.com/team/ws:1', { repository: 'reg.example.com/team/ws', tag: '1' }],
    ['localhost:5000/ws', { repository: 'localhost:5000/ws' }],
    ['localhost:5000/team/ws:1', { repository: 'localhost:5000/team/ws', tag: '1' }],
    [`ws@${DIGEST}`, { repository: 'ws', digest: DIGEST }],
    [`reg:1/ws:2@${DIGEST}`, { repository: 'reg:1/ws', tag: '2', digest: DIGEST }],
  ])('may be %s', (reference, parts) => {
    expect(parseImage(reference)).toEqual(parts);
  });

  it.each(['', 'a b', 'ws:', 'ws@sha256:abc', ':1', 'ws:1:2', 'ws:-1', '@'])('may not be "%s"', (reference) => {
    expect(() => parseImage(reference)).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
  });
});

describe('where the pod may run', () => {
  it('reads labels of nodes, values with "=" and without text included', () => {
    expect(parseNodeSelector(['a=b', 'kubernetes.io/os=linux', 'c=d=e', 'f='])).toEqual({
      a: 'b',
      'kubernetes.io/os': 'linux',
      c: 'd=e',
      f: '',
    });
  });

  it.each(['a', '=b'])('refuses the label "%s"', (pair) => {
    expect(() => parseNodeSelector([pair])).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
  });

  it.each([
    ['k', { key: 'k', operator: 'Exists' }],
    ['k=v', { key: 'k', operator: 'Equal', value: 'v' }],
    ['k=', { key: 'k', operator: 'Equal', value: '' }],
    ['k:NoExecute', { key: 'k', operator: 'Exists', effect: 'NoExecute' }],
    ['a.b/c=v:PreferNoSchedule', { key: 'a.b/c', operator: 'Equal', value: 'v', effect: 'PreferNoSchedule' }],
  ])('reads the taint %s as kubectl writes it', (text, toleration) => {
    expect(parseToleration(text)).toEqual(toleration);
  });

  it.each(['', '=v', 'k:Never', 'k=v:', 'a b'])('refuses the taint "%s"', (text) => {
    expect(() => parseToleration(text)).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE', reason: expect.stringMatching(/NoSchedule/) }),
    );
  });
});
