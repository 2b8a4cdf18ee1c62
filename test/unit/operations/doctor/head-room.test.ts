import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { DEFAULT_DEMAND, judgeHeadRoom } from '../../../../src/operations/doctor/head-room.ts';
import { type Look, type QuotaSight, UNASKED } from '../../../../src/workspace/diagnosis/scene.ts';
import { saying } from '../../../spelling.ts';

const judge = (quotas: Look<QuotaSight>) => judgeHeadRoom({ ...UNASKED, quotas });
const seen = (hard: Record<string, string>, used: Record<string, string> = {}) =>
  judge({ kind: 'seen', items: [{ name: 'team', isScoped: false, hard, used }] });

it('tells what each quota leaves', () => {
  expect(
    seen({ pods: '10', 'limits.memory': '16Gi', 'count/jobs.batch': '0' }, { pods: '3', 'limits.memory': '4Gi' }),
  ).toEqual({
    verdict: 'good',
    detail: 'team: pods 7 of 10 left; team: limits.memory 12Gi of 16Gi left',
    suggestion: undefined,
  });
});

it.each<[string, string, string, string, string | RegExp]>([
  ['limits.cpu', '4', '3500m', '500m of 4 left, and a new workspace takes 2', 'ws up --cpu 500m'],
  ['limits.memory', '8Gi', '7Gi', '1Gi of 8Gi left, and a new workspace takes 4Gi', 'ws up --memory 1Gi'],
  ['requests.storage', '20Gi', '12Gi', '8Gi of 20Gi left, and a new workspace takes 10Gi', 'ws up --size 8Gi'],
  ['limits.memory', '8Gi', '9Gi', '0Mi of 8Gi left, and a new workspace takes 4Gi', /^kubectl describe quota/],
  ['count/deployments.apps', '1', '1', '0 of 1 left, and a new workspace takes 1', /^kubectl describe quota/],
  ['secrets', '10', '8', '2 of 10 left, and a new workspace takes 3', /^kubectl describe quota/],
  ['persistentvolumeclaims', '2', '2', '0 of 2 left, and a new workspace takes 1', /^kubectl describe quota/],
])('says that %s of %s is too little when %s are used', (resource, limit, used, words, line) => {
  expect(seen({ [resource]: limit }, { [resource]: used })).toEqual({
    verdict: 'warning',
    detail: `team: ${resource} ${words}`,
    suggestion: saying(line),
  });
});

it('lowers all that is short in one line, and by the least that is left', () => {
  const short = (hard: Record<string, string>) => seen(hard).suggestion;
  expect(short({ 'limits.cpu': '1', 'limits.memory': '1Gi' })).toEqual(saying('ws up --cpu 1 --memory 1Gi'));
  expect(short({ 'limits.memory': '1Gi', 'requests.memory': '128Mi', 'requests.storage': '5Gi' })).toEqual(
    saying('ws up --memory 128Mi --size 5Gi'),
  );
  // What no flag lowers is to be looked at first.
  expect(short({ 'limits.cpu': '1', secrets: '1' })).toEqual(saying(/^kubectl describe quota/));
});

it('tells a namespace without quotas from one whose quotas nobody may read', () => {
  expect(judge({ kind: 'seen', items: [] }).detail).toBe('the namespace has no quota');
  expect(judge({ kind: 'refused' })).toMatchObject({
    verdict: 'warning',
    detail: expect.stringMatching(/^the quotas may not be read/),
  });
  expect(seen({ 'count/jobs.batch': '1' }).detail).toBe('team, which counts nothing of a workspace');
});

it('knows what the chart asks for', () => {
  const values = parse(readFileSync(path.resolve(import.meta.dirname, '../../../../chart/values.yaml'), 'utf8'));
  const { requests, limits } = values.resources as Record<'requests' | 'limits', Record<string, string>>;
  for (const [resource, amount] of Object.entries(requests)) {
    expect(DEFAULT_DEMAND[`requests.${resource}`]).toBe(amount);
    expect(DEFAULT_DEMAND[resource]).toBe(amount);
  }
  for (const [resource, amount] of Object.entries(limits)) expect(DEFAULT_DEMAND[`limits.${resource}`]).toBe(amount);
});
