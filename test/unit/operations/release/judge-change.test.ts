import { describe, expect, it } from 'vitest';
import { judgeChange } from '../../../../src/operations/release/judge-change.ts';

interface Parts {
  limits?: Record<string, string>;
  requests?: Record<string, string>;
  image?: string;
  shared?: string;
  disk?: string;
  other?: object;
}

const template = ({ limits, requests, image = 'a', shared = '1Gi', disk = '1Gi', other = {} }: Parts) => ({
  metadata: { labels: { a: 'b' } },
  spec: {
    containers: [
      {
        name: 'workspace',
        image,
        resources: { limits: { cpu: '2', memory: '4Gi', ...limits }, requests: { cpu: '1', ...requests } },
      },
      { name: 'proxy', resources: { limits: { cpu: '1' } }, ...other },
    ],
    volumes: [
      { name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: shared } },
      { name: 'tmp', emptyDir: { sizeLimit: disk } },
    ],
  },
});

const same = template({});
const judge = (parts: Parts) => judgeChange([same, template(parts)], [same, template(parts)]);

describe('a change of the template', () => {
  it('that changes nothing is nothing', () => {
    expect(judge({})).toEqual({ kind: 'nothing' });
  });

  it('of the words for amounts, and not of what they are worth, is nothing', () => {
    const other = { limits: { cpu: '2000m', memory: '4096Mi' }, requests: { cpu: '1e0' }, shared: '1048576Ki' };
    expect(judge({ ...other, disk: '1024Mi' })).toEqual({ kind: 'nothing' });
  });

  it('of a word for an amount, beside another image, has no change of amounts', () => {
    expect(judge({ limits: { cpu: '2000m' }, image: 'b' })).toEqual({ kind: 'restart' });
  });

  it('of CPU and memory alone is a resize, with /dev/shm that goes along', () => {
    expect(judge({ limits: { cpu: '500m', memory: '2Gi' }, requests: { cpu: '100m' }, shared: '512Mi' })).toEqual({
      kind: 'resize',
      from: { limits: { cpu: '2', memory: '4Gi' }, requests: { cpu: '1' } },
      to: { limits: { cpu: '500m', memory: '2Gi' }, requests: { cpu: '100m' } },
    });
  });

  it('of CPU and memory beside devices leaves these out: the pod keeps them', () => {
    const [before, after] = ['2', '4'].map((cpu) => template({ limits: { cpu, 'nvidia.com/gpu': '1' } }));
    expect(judgeChange([before, after])).toEqual({
      kind: 'resize',
      from: { limits: { cpu: '2', memory: '4Gi' }, requests: { cpu: '1' } },
      to: { limits: { cpu: '4', memory: '4Gi' }, requests: { cpu: '1' } },
    });
    const more = template({ limits: { 'nvidia.com/gpu': '2' } });
    expect(judgeChange([before, more])).toMatchObject({ kind: 'restart' });
  });

  it('of CPU and memory takes init containers along, which have ended', () => {
    const pair = ['1Gi', '2Gi'].map((memory) => {
      const { metadata, spec } = template({ limits: { memory } });
      return { metadata, spec: { ...spec, initContainers: [{ name: 'users', resources: { limits: { memory } } }] } };
    });
    expect(judgeChange([pair[0], pair[1]])).toMatchObject({ kind: 'resize' });
  });

  it.each<[string, Parts]>([
    ['an image', { image: 'b', limits: { cpu: '1' } }],
    ['another container', { other: { resources: { limits: { cpu: '3' } } } }],
    ['a folder on disk', { disk: '2Gi', limits: { cpu: '1' } }],
    ['another amount', { limits: { 'ephemeral-storage': '1Gi' } }],
    ['an amount that was not there, which is another class', { requests: { memory: '1Gi' } }],
  ])('of %s is a restart', (_what, parts) => {
    expect(judge(parts)).toMatchObject({ kind: 'restart' });
  });

  it('goes by the cluster where somebody has changed the Deployment itself', () => {
    expect(judgeChange([same, same], [template({ image: 'c' }), same])).toEqual({ kind: 'restart' });
    expect(judgeChange([same, same], [template({ limits: { cpu: '7' } }), same])).toMatchObject({
      kind: 'resize',
      from: { limits: { cpu: '7' } },
      to: { limits: { cpu: '2' } },
    });
    // What a manifest drops is not seen by the cluster's merge.
    expect(judgeChange([template({ image: 'c' }), same], [same, same])).toEqual({ kind: 'restart' });
  });

  it('that cannot be seen is a restart', () => {
    expect(judgeChange([same, undefined])).toEqual({ kind: 'restart' });
    expect(judgeChange([undefined, same], [same, same])).toEqual({ kind: 'restart' });
  });
});
