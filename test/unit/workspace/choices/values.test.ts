import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type Choices,
  describeReading,
  isUnchanged,
  listFlagTexts,
  parseChoices,
  type TypedChoices,
} from '../../../../src/workspace/choices/chosen.ts';
import { splitImage } from '../../../../src/workspace/choices/faults.ts';
import { toValues } from '../../../../src/workspace/choices/values.ts';
import { saying } from '../../../spelling.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const valuesOf = (choices: Choices, existing = {}) => toValues({ workspace: 'dev', choices }, existing);

describe('values for what was chosen', () => {
  it.each<[string, Choices, object]>([
    ['nothing', {}, {}],
    ['a username', { user: 'alice' }, { user: { name: 'alice' } }],
    ['IDs', { uid: 1, gid: 2 }, { user: { uid: 1, gid: 2 } }],
    ['no volume', { storageClass: 'none' }, { home: { type: 'emptyDir', ignoreKept: true } }],
    ["the cluster's own class", { storageClass: 'default', size: '5Gi' }, { home: { type: 'claim', size: '5Gi' } }],
    ['a class', { storageClass: 'fast' }, { home: { type: 'claim', storageClass: 'fast' } }],
    ['a claim that is there', { home: 'data' }, { home: { type: 'existingClaim', existingClaim: 'data' } }],
    ['a folder of the volume', { subPath: 'a/b' }, { home: { subPath: 'a/b' } }],
    ['an image', { image: 'ws:1' }, { image: { repository: 'ws', tag: '1' } }],
    ['amounts', { cpu: '2', memory: '4Gi' }, { resources: { limits: { cpu: '2', memory: '4Gi' } } }],
    ['one amount', { cpu: '500m' }, { resources: { limits: { cpu: '500m' } } }],
    ['a node', { nodeSelector: [['disk', 'ssd']] }, { nodeSelector: { disk: 'ssd' } }],
    [
      'a taint',
      { toleration: [{ key: 'k', operator: 'Exists' }] },
      { tolerations: [{ key: 'k', operator: 'Exists' }] },
    ],
  ])('%s', (_name, choices, values) => {
    expect(valuesOf(choices)).toEqual({ workspace: 'dev', ...values });
    expect(isUnchanged(choices)).toBe(Object.keys(choices).length === 0);
  });

  it('have the keys that log in, which no flag chooses alone', () => {
    const authorizedKeys = ['ssh-ed25519 AAAA'];
    expect(toValues({ workspace: 'dev', choices: {}, authorizedKeys })).toEqual({ workspace: 'dev', authorizedKeys });
    expect(valuesOf({ identity: '/key' })).toEqual({ workspace: 'dev' });
    expect(isUnchanged({ identity: '/key' })).toBe(true);
  });

  it('says nothing was chosen when every answer is open', () => {
    expect(isUnchanged({ user: undefined, uid: undefined })).toBe(true);
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
    const wanted = { workspace: 'dev', choices: { uid: 2000, memory: '1Gi' }, authorizedKeys: ['three'] };
    expect(toValues(wanted, existing)).toEqual({
      ...existing,
      user: { name: 'alice', uid: 2000 },
      authorizedKeys: ['three'],
      resources: { limits: { memory: '1Gi' } },
    });
    expect(existing).toEqual(before);
    expect(valuesOf({}, existing)).toEqual(existing);
  });

  it('leaves the devices that a values file asked for', () => {
    const limits = { cpu: '1', 'nvidia.com/gpu': 2, 'hugepages-2Mi': '100Mi' };
    expect(valuesOf({ cpu: '4' }, { resources: { limits } })).toEqual({
      workspace: 'dev',
      resources: { limits: { ...limits, cpu: '4' } },
    });
  });

  it.each<[string, { requests: object; limits: null } | null]>([
    ['limits', { requests: { cpu: '1' }, limits: null }],
    ['resources', null],
  ])('brings no limit back that %s: null took away', (_name, resources) => {
    const chart = readFileSync(path.resolve(import.meta.dirname, '../../../../chart/values.yaml'), 'utf8');
    const others = Object.keys(parse(chart).resources.limits).filter((name) => name !== 'cpu');
    const none = Object.fromEntries(others.map((name) => [name, null]));
    expect(valuesOf({ cpu: '1' }, { resources })['resources']).toEqual({
      requests: resources?.requests ?? null,
      limits: { cpu: '1', ...none },
    });
    expect(valuesOf({ user: 'alice' }, { resources })['resources']).toEqual(resources);
  });

  it.each(['20Gi', 2 ** 34])('never asks a home that has grown to %s to shrink', (size) => {
    const existing = { home: { type: 'claim', size } };
    expect(toValues({ workspace: 'dev', choices: {} }, existing, '30Gi')['home']).toEqual({
      type: 'claim',
      size: '30Gi',
    });
    expect(toValues({ workspace: 'dev', choices: {} }, existing, '1Gi')['home']).toEqual(existing.home);
  });

  it('replaces the labels of nodes, of which a wrong one would never go, and takes them away', () => {
    const existing = { nodeSelector: { disk: 'none', zone: 'a' }, tolerations: [] };
    expect(valuesOf({ nodeSelector: [['disk', 'ssd']] }, existing)['nodeSelector']).toEqual({ disk: 'ssd' });
    expect(valuesOf({ nodeSelector: [['', '']] }, existing)).toEqual({
      workspace: 'dev',
      nodeSelector: {},
      tolerations: [],
    });
    expect(valuesOf({ memory: '1Gi' }, existing)['nodeSelector']).toEqual(existing.nodeSelector);
  });

  it('never leaves an old tag or digest beside another image', () => {
    const existing = { image: { repository: 'old', tag: '1', digest: DIGEST, pullPolicy: 'Always' } };
    const imageOf = (choices: Choices) => valuesOf(choices, existing)['image'];
    expect(imageOf({ image: 'new:2' })).toEqual({ repository: 'new', tag: '2', pullPolicy: 'Always' });
    expect(imageOf({ image: 'new' })).toEqual({ repository: 'new', pullPolicy: 'Always' });
    expect(imageOf({ user: 'alice' })).toEqual(existing.image);
  });
});

describe('a flag', () => {
  it.each<[keyof TypedChoices, string]>([
    ...['alice', '_svc', 'a-b_c9', 'a'.repeat(32)].map((text) => ['user', text] as const),
    ...['10Gi', '1Mi', '500M', '1.5Ti', '2097152', '1Pi', '0.5Gi'].map((text) => ['size', text] as const),
    ...['1', '0.5', '500m'].map((text) => ['cpu', text] as const),
    ...['none', 'default', 'fast', 'csi.example-1'].map((text) => ['storage-class', text] as const),
    ...['a', 'projects/my dev'].map((text) => ['sub-path', text] as const),
  ] as [keyof TypedChoices, string][])('--%s may be %s', (flag, text) => {
    expect(Object.values(parseChoices({ [flag]: text }))).toEqual([text]);
  });

  it.each<[keyof TypedChoices, string, string, RegExp | string]>([
    ['user', '', 'BAD_USERNAME', 'it is empty'],
    ['user', 'root', 'BAD_USERNAME', 'it is an account of the system'],
    ['user', 'nobody', 'BAD_USERNAME', 'it is an account of the system'],
    ['user', 'a'.repeat(33), 'BAD_USERNAME', 'it is longer than 32 characters'],
    ['user', 'Alice', 'BAD_USERNAME', /lower-case/],
    ['user', '9lives', 'BAD_USERNAME', /starts with/],
    ['user', 'a:b', 'BAD_USERNAME', /lower-case/],
    ['user', 'a\n', 'BAD_USERNAME', /lower-case/],
    ['uid', '0', 'BAD_ID', /\broot\b/],
    ['gid', '2147483648', 'BAD_ID', /largest/],
    ['uid', '-1', 'BAD_ID', /whole number/],
    ['gid', '1.5', 'BAD_ID', /whole number/],
    ['uid', '1e3', 'BAD_ID', /whole number/],
    ['uid', '', 'BAD_ID', /whole number/],
    ['uid', ' 1', 'BAD_ID', /whole number/],
    ['size', '', 'BAD_SIZE', /number with a unit/],
    ['size', '10k', 'BAD_SIZE', /less than 1Mi/],
    ['size', '-1Gi', 'BAD_SIZE', /number with a unit/],
    ['size', 'ten', 'BAD_SIZE', /number with a unit/],
    ['size', '1Kib', 'BAD_SIZE', /number with a unit/],
    ['size', '0Gi', 'BAD_SIZE', /less than 1Mi/],
    ['cpu', '0', 'BAD_VALUE', /number of cores/],
    ['cpu', 'two', 'BAD_VALUE', /number of cores/],
    ['storage-class', 'Fast', 'BAD_VALUE', /lower-case/],
    ['home', '', 'BAD_VALUE', /lower-case/],
    ['sub-path', '../a', 'BAD_VALUE', /relative/],
    ['sub-path', '/a', 'BAD_VALUE', /relative/],
    ['sub-path', '', 'BAD_VALUE', /relative/],
  ])('--%s may not be "%s"', (flag, text, code, reason) => {
    expect(() => parseChoices({ [flag]: text })).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(`^--${flag} "`),
        reason: expect.stringMatching(reason),
        suggestions: expect.arrayContaining([saying(new RegExp(`^ws up --${flag} `))]),
      }),
    );
  });

  it.each(['20M', '20Mi', '63Mi', '50 MB'])('--memory "%s" is refused: the server would not start', (memory) => {
    expect(() => parseChoices({ memory })).toThrow(
      expect.objectContaining({
        code: 'BAD_SIZE',
        message: `--memory "${memory}" cannot be the memory limit`,
        reason: expect.stringMatching(
          /^(?:it is less than 64Mi: the server alone needs about 60Mi|a size is a number)/,
        ),
      }),
    );
    expect(parseChoices({ memory: '64Mi' })).toEqual({ memory: '64Mi' });
  });

  it.each<[keyof TypedChoices, string, unknown, string]>([
    ['size', '10GB', '10Gi', '--size "10GB" is read as 10Gi (10.7 GB)'],
    ['size', '10 GB', '10Gi', '--size "10 GB" is read as 10Gi (10.7 GB)'],
    ['size', '4g', '4Gi', '--size "4g" is read as 4Gi (4.3 GB)'],
    ['size', '10', '10Gi', '--size "10" is read as 10Gi'],
    ['size', '10 Gi', '10Gi', '--size "10 Gi" is read as 10Gi'],
    ['memory', '512mb', '512Mi', '--memory "512mb" is read as 512Mi (536.9 MB)'],
    ['memory', '4gib', '4Gi', '--memory "4gib" is read as 4Gi'],
    ['cpu', '2 cores', '2', '--cpu "2 cores" is read as 2'],
    ['cpu', '500 m', '500m', '--cpu "500 m" is read as 500m'],
  ])('--%s "%s" is read as the form reads it, and is said to be', (flag, text, value, sentence) => {
    expect(Object.values(parseChoices({ [flag]: text }))).toEqual([value]);
    expect(describeReading(listFlagTexts({ [flag]: text }, () => true))).toBe(sentence);
  });

  it('says of several in one sentence what each is read as, and nothing of what is what it says', () => {
    const said = listFlagTexts({ size: '10GB', memory: '4g', cpu: '2', 'node-selector': ['a=b'] }, () => true);
    expect(describeReading(said)).toBe(
      '--size "10GB" is read as 10Gi (10.7 GB) and --memory "4g" is read as 4Gi (4.3 GB)',
    );
    expect(describeReading(listFlagTexts({ size: '10Gi', memory: '4G', cpu: '500m' }, () => true))).toBeUndefined();
  });

  it('names the variable where no word of the line said it', () => {
    const said = listFlagTexts({ size: '10GB', memory: '4g' }, (flag) => flag === 'memory');
    expect(describeReading(said)).toBe(
      'WS_SIZE "10GB" is read as 10Gi (10.7 GB) and --memory "4g" is read as 4Gi (4.3 GB)',
    );
  });

  it.each<[TypedChoices, string]>([
    [{ size: '1Gi', home: 'data' }, 'ws up --home data'],
    [{ size: '1Gi', 'storage-class': 'none' }, 'ws up --storage-class default --size 10Gi'],
  ])('that another leaves no room for is refused', (typed, suggestion) => {
    expect(() => parseChoices(typed)).toThrow(
      expect.objectContaining({ code: 'CONFLICTING_FLAGS', suggestions: [saying(suggestion)] }),
    );
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
    expect(parseChoices({ image: reference })).toEqual({ image: reference });
    expect(splitImage(reference)).toEqual(parts);
  });

  it.each(['', 'a b', 'ws:', 'ws@sha256:abc', ':1', 'ws:1:2', 'ws:-1', '@', 'Team/Ws', 'ws/', '-ws'])(
    'may not be "%s"',
    (reference) => {
      expect(() => parseChoices({ image: reference })).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
    },
  );
});

describe('where the pod may run', () => {
  it('reads labels of nodes, those without a value included', () => {
    expect(parseChoices({ 'node-selector': ['a=b', 'kubernetes.io/os=linux', 'f='] }).nodeSelector).toEqual([
      ['a', 'b'],
      ['kubernetes.io/os', 'linux'],
      ['f', ''],
    ]);
  });

  it.each(['a', '=b', 'c=d=e', 'a=b c', 'a='.padEnd(67, 'x')])('refuses the label "%s"', (pair) => {
    expect(() => parseChoices({ 'node-selector': [pair] })).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
  });

  it.each([
    ['k', { key: 'k', operator: 'Exists' }],
    ['k=v', { key: 'k', operator: 'Equal', value: 'v' }],
    ['k=', { key: 'k', operator: 'Equal', value: '' }],
    ['k:NoExecute', { key: 'k', operator: 'Exists', effect: 'NoExecute' }],
    ['a.b/c=v:PreferNoSchedule', { key: 'a.b/c', operator: 'Equal', value: 'v', effect: 'PreferNoSchedule' }],
  ])('reads the taint %s as kubectl writes it', (text, toleration) => {
    expect(parseChoices({ toleration: [text] }).toleration).toEqual([toleration]);
  });

  it.each(['', '=v', 'k:Never', 'k=v:', 'a b'])('refuses the taint "%s"', (text) => {
    expect(() => parseChoices({ toleration: [text] })).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE', reason: expect.stringMatching(/NoSchedule/) }),
    );
  });
});
