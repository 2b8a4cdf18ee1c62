import { expect, it } from 'vitest';
import { collectBundle, listBundleParts } from '../../../../src/operations/doctor/bundle.ts';
import { good, toGroup } from '../../../../src/operations/doctor/examine.ts';
import { UNASKED } from '../../../../src/workspace/diagnosis/scene.ts';
import { failure, interrupted } from '../../../../src/workspace/errors/errors.ts';
import type { Cluster } from '../../../../src/workspace/world.ts';
import { snapshot } from '../../workspace/snapshots.ts';
import { NEVER } from '../fake-world.ts';

const PROGRAM = { ws: '1.2.3', node: 'v26.0.0' };
const finding = (detail: string) => ({ group: toGroup('helm'), check: 'helm' as const, ...good(detail) });
const collect = (cluster: Partial<Cluster> | Error, detail = 'helm 4') =>
  collectBundle({ program: PROGRAM, findings: [finding(detail)], cluster: cluster as Cluster }, NEVER);
const around = { lookAround: async () => UNASKED };

it('has the lines of ws doctor, and each workspace with what is wrong', async () => {
  const bundle = await collect({ ...around, listWorkspaces: async () => [snapshot({})] });
  expect(bundle).toMatchObject({ v: 1, program: PROGRAM, findings: [{ check: 'helm', detail: 'helm 4' }] });
  expect(bundle.workspaces).toMatchObject([{ name: 'dev', state: 'ready', causes: [] }]);
  expect(listBundleParts(bundle).join('\n')).toMatch(/ws 1\.2\.3.*1 lines.*dev \(ready\).*quotas unasked.*no Secret/s);
});

it('has no secret, wherever in it a text held one', async () => {
  const token = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(20)}.${'b'.repeat(20)}`;
  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA';
  const events = [{ type: 'Warning', object: 'Pod ws-dev', reason: 'Failed', message: `Bearer ${token}` }];
  const workspace = { ...snapshot({}), events: events as never };
  const bundle = await collect(
    { ...around, listWorkspaces: async () => [workspace] },
    `https://me:hunter22@proxy:3128 and ${key}`,
  );
  const text = JSON.stringify(bundle);
  for (const secret of [token, 'hunter22', 'AAAA']) expect(text).not.toContain(secret);
  expect(text).toContain('proxy:3128');
});

it('is made without a cluster, and of one that says no', async () => {
  const missing = failure('KUBECONFIG_MISSING', { message: 'None' });
  const refused = async () => {
    throw failure('NOT_PERMITTED', { message: 'No' });
  };
  expect(await collect(missing)).toMatchObject({ workspaces: [], surroundings: UNASKED });
  expect(await collect({ ...around, listWorkspaces: refused })).toMatchObject({ workspaces: [] });
  const stopped = { ...around, listWorkspaces: async () => Promise.reject(interrupted()) };
  await expect(collect(stopped)).rejects.toMatchObject({ code: 'INTERRUPTED' });
});
