import { describe, expect, it } from 'vitest';
import { judgeTrial } from '../../../../src/operations/doctor/trial.ts';
import { type Surroundings, UNASKED } from '../../../../src/workspace/diagnosis/scene.ts';
import { failure } from '../../../../src/workspace/errors/errors.ts';
import type { Refused } from '../../../../src/workspace/release/releases.ts';
import { toLines } from '../../../spelling.ts';

const NEVER = new AbortController().signal;

function judge(refused: Refused[], around: Partial<Surroundings> = {}) {
  const cluster = { tryObjects: async () => refused, lookAround: async () => ({ ...UNASKED, ...around }) };
  return judgeTrial(cluster, { render: async () => [{ kind: 'Deployment' }] }, NEVER);
}

const refuse = (kind: string, reason: string): Refused => ({
  kind,
  why: failure('NOT_PERMITTED', { message: 'The cluster refuses it', reason }),
});

describe('a new workspace, judged before it is made', () => {
  it('would be taken', async () => {
    expect(await judge([])).toMatchObject({ verdict: 'good', detail: 'a new workspace would be taken' });
  });

  it.each([
    [
      'QUOTA_CPU',
      'pods "x" is forbidden: exceeded quota: q, requested: limits.cpu=2, used: limits.cpu=3, limited: limits.cpu=4',
    ],
    ['LIMIT_RANGE', 'pods "x" is forbidden: maximum cpu usage per Container is 1, but limit is 2'],
    ['POD_SECURITY', 'pods "x" is forbidden: violates PodSecurity "restricted:latest": hostPath volumes (volume "a")'],
    ['ADMISSION_WEBHOOK', 'admission webhook "w.example.com" denied the request: not on Fridays'],
    ['ADMISSION_WEBHOOK_SILENT', 'Internal error occurred: failed calling webhook "w.example.com": no endpoints'],
    ['ADMISSION_POLICY', "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no"],
  ])('has cause %s, from its words', async (code, words) => {
    expect(await judge([refuse('Pod', words)])).toMatchObject({ verdict: 'warning', code });
  });

  it('is suggested with what fits', async () => {
    const words =
      'pods "x" is forbidden: exceeded quota: q, requested: limits.cpu=2, used: limits.cpu=3, limited: limits.cpu=4';
    const { suggestion } = await judge([refuse('Pod', words)]);
    expect(suggestion === undefined ? [] : toLines([suggestion])).toEqual(['ws up --cpu 1']);
  });

  it('is quoted where nobody knows the words, and all that is refused is told', async () => {
    const { detail, code } = await judge([refuse('Service', 'the moon is full'), refuse('Pod', 'and so am I')]);
    expect(detail).toBe('its Service would be refused: the moon is full; its Pod would be refused: and so am I');
    expect(code).toBeUndefined();
  });

  it('is judged without what the user may not make', async () => {
    expect(await judge([{ kind: 'Pod', why: undefined }])).toMatchObject({
      verdict: 'good',
      detail: 'a new workspace would be taken; not seen: its Pod, which you may not make yourself',
    });
    const all = ['Deployment', 'Pod'].map((kind) => ({ kind, why: undefined }));
    expect(await judge(all)).toMatchObject({
      verdict: 'warning',
      detail: 'not seen: its Deployment and Pod, which you may not make yourself',
    });
  });
});
