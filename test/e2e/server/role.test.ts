/** What a user may do who has the Role of the documents and nothing else. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getKubeconfig } from '../cluster-under-test.ts';
import { eventually, run } from '../operator/release.ts';
import { Stage } from '../support/stage.ts';

const ROLE = path.resolve(import.meta.dirname, '../../../docs/role.yaml');

let stage: Stage;
beforeAll(() => {
  stage = new Stage('role');
  stage.kubectl(['apply', '-f', '-'], readFileSync(ROLE, 'utf8'));
  stage.kubectl(['create', 'rolebinding', 'alice', '--role=ws-user', '--user=alice']);
});
afterAll(() => stage?.[Symbol.dispose]());

describe.each(['helm', 'helm3'] as const)('%s', (helm) => {
  it('C5Q4-TEMP X2K7-RESTRICT: the documented Role is enough to install, test, upgrade, roll back, log in, take down and delete', async () => {
    const release = stage.release(`ws-of-${helm}`, helm);
    release.actingUser = 'alice';
    const values = { home: { type: 'claim', storageClass: 'ws-local', size: '1Gi' } };
    await release.apply(values);
    expect(release.ssh('echo in').stdout).toBe('in\n');
    expect(release.helm(['test', release.name, '--timeout', '2m'])).toMatch(/Phase:\s+Succeeded/);
    const notes = release.helm(['get', 'notes', release.name]);
    const port = await release.connect();
    const keyscan = /^ {2}(?<line>ssh-keyscan .*) >> /m.exec(notes)?.groups?.['line']?.replace('2222', String(port));
    expect(run('bash', ['-c', keyscan ?? '']).stdout).toBe(`${release.name}.${stage.namespace} ${release.hostKey}\n`);
    const lines = [...notes.matchAll(/^ {2}kubectl --namespace \S+ (?<words>(?:describe|logs|rollout) .*)$/gm)];
    expect(lines).toHaveLength(4);
    for (const { groups } of lines) expect(release.kubectl(groups?.['words']?.split(' ') ?? [])).not.toBe('');
    await release.apply({ ...values, podLabels: { team: 'blue' } });
    release.helm(['rollback', release.name, '1', '--wait']);
    expect(release.log().map(({ event }) => event)).toContain('server.ready');
    release.uninstall();
    const kept = [`pvc/${release.name}-home`, `secret/${release.name}-host-key`];
    release.kubectl(['delete', ...kept]);
    expect(release.kubectl(['get', ...kept, '--ignore-not-found', '-o', 'name'])).toBe('');
  });
});

it('C5Q4-TEMP: with the documented Role, a command of the notes says why no pod could be made', async () => {
  const release = stage.release('ws-refused');
  release.actingUser = 'alice';
  stage.kubectl(['create', 'quota', 'none', '--hard=pods=0']);
  try {
    release.helm(
      ['install', release.name, release.chart, '-f', '-'],
      JSON.stringify({ authorizedKeys: [release.publicKey] }),
    );
    const notes = release.helm(['get', 'notes', release.name]);
    const words =
      /^ {2}kubectl --namespace \S+ (?<words>describe .*)$/m.exec(notes)?.groups?.['words']?.split(' ') ?? [];
    await eventually(
      () => release.kubectl(words),
      (text) => /FailedCreate .*exceeded quota: none, requested: pods=1/.test(text),
    );
    expect(release.pod).toBe('');
  } finally {
    stage.kubectl(['delete', 'quota', 'none']);
    release.uninstall();
  }
});

it('X2K7-RESTRICT: the documented Role lends no right over others, and none beyond the namespace', () => {
  const identity = ['--kubeconfig', getKubeconfig(), '--as', 'alice'];
  const may = (...words: string[]) => run('kubectl', [...identity, 'auth', 'can-i', ...words]).stdout.trim();
  const here = ['-n', stage.namespace];
  expect(may('create', 'pods', '--subresource=portforward', ...here)).toBe('yes');
  expect(may('create', 'pods', '--subresource=exec', ...here)).toBe('no');
  for (const what of ['roles', 'rolebindings', 'serviceaccounts', 'jobs', 'networkpolicies'])
    expect([what, may('create', what, ...here)]).toEqual([what, 'no']);
  expect(may('get', 'secrets', '-n', 'default')).toBe('no');
  expect(may('list', 'namespaces')).toBe('no');
});
