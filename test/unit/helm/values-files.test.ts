import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropGiven, readAmounts, readExtras, readNulls } from '../../../src/adapters/helm/values-files.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-values-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let number = 0;
function file(text: string): string {
  number += 1;
  const name = path.join(folder, `${number}.yaml`);
  writeFileSync(name, text);
  return name;
}

const HAD = {
  workspace: 'dev',
  authorizedKeys: ['a', 'b'],
  home: { type: 'claim', size: '10Gi' },
  image: { repository: 'team/image', tag: 'one', digest: 'sha256:1', pullPolicy: 'Always' },
  resources: { limits: { memory: '2Gi', cpu: '2' } },
};

describe('what a release had', () => {
  it.each<[string, string, object]>([
    ['a value', 'home: {size: 20Gi}', { ...HAD, home: { type: 'claim' } }],
    ['a value deep down', 'resources: {limits: {cpu: 3}}', { ...HAD, resources: { limits: { memory: '2Gi' } } }],
    ['a value that was not there', 'labels: {team: blue}', HAD],
    ['null, which takes a default away', 'home: {size: null}', { ...HAD, home: { type: 'claim', size: null } }],
    ['a list, which replaces a list', 'authorizedKeys: [c]', { ...HAD, authorizedKeys: undefined }],
    ['something else than a map', 'home: 1', { ...HAD, home: undefined }],
    ['null for a whole group', 'resources: {limits: null}', { ...HAD, resources: { limits: null } }],
    ['a map where there was none', 'workspace: {a: b}', { ...HAD, workspace: undefined }],
    ['a part of the image, which is one', 'image: {tag: two}', { ...HAD, image: { pullPolicy: 'Always' } }],
    [
      'how the image is pulled',
      'image: {pullPolicy: Never}',
      { ...HAD, image: { ...HAD.image, pullPolicy: undefined } },
    ],
    ['nothing', '', HAD],
    ['only comments', '# nothing\n', HAD],
    ['a list, which Helm refuses', '- a\n', HAD],
    ['what is no YAML, which Helm refuses', '{{{', HAD],
    ['names that every object has', 'toString: 1\n__proto__: {}\nconstructor: {}\n', HAD],
    ['a value by an anchor', 'x: &x {size: 1Gi}\nhome: *x\n', { ...HAD, home: { type: 'claim' } }],
    ['a value by a merge', 'x: &x {size: 1Gi}\nhome: {<<: *x}\n', { ...HAD, home: { type: 'claim' } }],
  ])('is not what counts where a file sets %s', async (_what, text, left) => {
    expect(JSON.parse(JSON.stringify(await dropGiven(HAD, [file(text)])))).toEqual(JSON.parse(JSON.stringify(left)));
  });

  it('is judged by all files', async () => {
    const files = [file('home: {size: 1Gi}'), file('home: {type: emptyDir}'), path.join(folder, 'nowhere')];
    expect(await dropGiven(HAD, files)).toEqual({ ...HAD, home: {} });
  });
});

describe('what files take away', () => {
  it.each<[string, string[], object]>([
    ['a group', ['resources: {limits: null}'], { resources: { limits: null } }],
    ['one value', ['resources: {limits: {cpu: null, memory: 1Gi}}'], { resources: { limits: { cpu: null } } }],
    ['what a later file gives back', ['resources: {limits: null}', 'resources: {limits: {cpu: 1}}'], {}],
    ['what a later file takes as well', ['resources: {limits: {cpu: 1}}', 'resources: null'], { resources: null }],
    ['nothing', ['home: {size: 1Gi}', '', '{{{', '- a', 'resources: 3', 'image: {}'], {}],
  ])('is %s', async (_what, texts, expected) => {
    expect(await readNulls([...texts.map(file), path.join(folder, 'nowhere')])).toEqual(expected);
  });

  it('is taken of a release that never had it', async () => {
    expect(await dropGiven({ workspace: 'dev' }, [file('resources: {limits: null}')])).toEqual({
      workspace: 'dev',
      resources: { limits: null },
    });
  });
});

describe('the amounts that files say', () => {
  it.each<[string, string[], object]>([
    ['a limit', ['resources: {limits: {cpu: 64}}'], { limits: { cpu: '64' }, requests: {} }],
    [
      'the last one of each',
      ['resources: {limits: {cpu: 64, memory: 1Gi}}', 'resources: {limits: {cpu: "2"}, requests: {memory: 512Mi}}'],
      { limits: { cpu: '2', memory: '1Gi' }, requests: { memory: '512Mi' } },
    ],
    ['nothing', ['home: {size: 1Gi}', '', '{{{', '- a', 'resources: 3'], { limits: {}, requests: {} }],
  ])('are %s', async (_what, texts, expected) => {
    expect(await readAmounts([...texts.map(file), path.join(folder, 'nowhere')])).toEqual(expected);
  });
});

describe('what files add', () => {
  const none = { sleeps: false, ends: false, isMonitored: false };
  it.each<[string, string[], object]>([
    ['sleep', ['idle: {stopAfter: 2h, actor: true}'], { ...none, sleeps: true }],
    ['an end', ['idle: {endAfter: 8h}'], { ...none, ends: true }],
    ['what the last one says', ['idle: {actor: true, endAfter: 8h}', 'idle: {actor: false, endAfter: ""}'], none],
    ['what none takes back', ['idle: {actor: true}', 'idle: {endAfter: 8h}'], { ...none, sleeps: true, ends: true }],
    ['metrics', ['podMonitor: {enabled: true}'], { ...none, isMonitored: true }],
    ['no metrics', ['podMonitor: {enabled: true}', 'podMonitor: {enabled: false}'], none],
    ['nothing after a null', ['idle: {actor: true}', 'idle: null'], none],
    ['nothing', ['home: {size: 1Gi}', '', '{{{', '- a', 'idle: 3'], none],
  ])('is %s', async (_what, texts, expected) => {
    expect(await readExtras([...texts.map(file), path.join(folder, 'nowhere')])).toEqual(expected);
  });
});
