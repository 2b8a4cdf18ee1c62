/** What helm tells after an install. Only helm 4 shows it without a cluster; the text is the same template in both. */
import { expect, test } from 'vitest';
import { CHART, PUBLIC_KEY, run } from './helm.ts';

async function notes(values: object): Promise<string> {
  const args = ['install', 'ws-dev', CHART, '--namespace', 'team', '--dry-run=client', '--kubeconfig', '/dev/null'];
  const out = await run('helm', [...args, '--values', '-'], { authorizedKeys: [PUBLIC_KEY], ...values });
  return out.slice(out.indexOf('NOTES:'));
}

test('an emptyDir home is a visible warning', async () => {
  expect(await notes({})).toMatch(/WARNING: the home is an emptyDir of at most 10Gi\. It is lost with its pod/);
  expect(await notes({ home: { type: 'claim' } })).not.toContain('WARNING');
});

test('the limit of an emptyDir home is the one that is reached first', async () => {
  expect(await notes({ home: { sizeLimit: '50Gi' } })).toContain(
    'an emptyDir of at most 20Gi (resources.limits.ephemeral-storage, less than home.sizeLimit 50Gi). It is lost',
  );
  const limits = { 'ephemeral-storage': '60Gi' };
  expect(await notes({ home: { sizeLimit: '50Gi' }, resources: { limits } })).toContain('of at most 50Gi. It is lost');
  const none = { 'ephemeral-storage': null };
  expect(await notes({ home: { sizeLimit: '50Gi' }, resources: { limits: none } })).toContain('of at most 50Gi.');
});

test('what stays is named, and how another release takes it', async () => {
  const text = await notes({ home: { type: 'claim', subPath: 'alice' } });
  expect(text).toContain('The home is claim ws-dev-home, folder alice; it stays');
  expect(text).toContain('home.existingClaim=ws-dev-home');
  expect(text).toContain('hostKey.existingSecret=ws-dev-host-key');
  expect(await notes({ home: { type: 'existingClaim', existingClaim: 'shared' } })).toContain(
    'The home is claim shared;',
  );
  expect(await notes({ hostKey: { existingSecret: 'identity' } })).toContain('in Secret identity');
});

test('the way in follows the type of the Service', async () => {
  const user = { name: 'alice' };
  const inside = await notes({ user, service: { port: 22 } });
  expect(inside).toContain('kubectl --namespace team port-forward service/ws-dev 2222:22\n');
  expect(inside).toContain('ssh -p 2222 -o HostKeyAlias=ws-dev.team alice@127.0.0.1');
  expect(inside).toContain('ws ssh dev --namespace team');
  expect(await notes({ user, service: { type: 'NodePort' } })).toContain(
    'ssh -p NODE-PORT -o HostKeyAlias=ws-dev.team alice@NODE',
  );
  expect(await notes({ user, service: { type: 'LoadBalancer', port: 22 } })).toContain(
    'ssh -p 22 -o HostKeyAlias=ws-dev.team alice@ADDRESS',
  );
});

test('it ends with how to find out why it does not come up', async () => {
  const text = (await notes({})).trimEnd();
  expect(text.slice(text.indexOf('If it does not come up:'))).toBe(
    [
      'If it does not come up:',
      '  kubectl --namespace team describe pod --selector app.kubernetes.io/name=ws-workspace,app.kubernetes.io/instance=ws-dev',
      '  kubectl --namespace team logs deploy/ws-dev',
    ].join('\n'),
  );
});
