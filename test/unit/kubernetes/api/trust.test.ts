import { expect, test } from 'vitest';
import { toAddressId, toTlsOptions, toTrust } from '../../../../src/adapters/kubernetes/api/trust.ts';
import { parseKubeconfig } from '../../../../src/adapters/kubernetes/kubeconfig/entries.ts';
import type { Access } from '../../../../src/adapters/kubernetes/kubeconfig/load-access.ts';
import { AUTHORITY } from '../kubeconfig/authority.ts';

const CA = (text: string) => `certificate-authority-data: ${Buffer.from(text).toString('base64')}`;

function access(cluster: string, user = ''): Access {
  const config = parseKubeconfig(
    `clusters: [{name: c, cluster: {${cluster}}}]\nusers: [{name: u, user: {${user}}}]`,
    '/',
  );
  return { context: 'c', namespace: 'n', cluster: config.clusters.get('c'), user: config.users.get('u') } as Access;
}

const SERVER = 'server: "https://127.0.0.1:6443"';

test('clusters at one address have names of their own, and one cluster has one name', () => {
  const clusters = [
    `${SERVER}, ${CA('a')}`,
    `${SERVER}, ${CA('b')}`,
    SERVER,
    `${SERVER}, tls-server-name: other`,
    `${SERVER}, insecure-skip-tls-verify: true`,
    `server: "https://127.0.0.1:6444", ${CA('a')}`,
  ];
  const ids = clusters.map((cluster) => toAddressId(access(cluster)));
  expect(new Set(ids).size).toBe(clusters.length);
  expect(clusters.map((cluster) => toAddressId(access(cluster)))).toEqual(ids);
  expect(ids.every((id) => /^at-[0-9a-f]{32}$/.test(id))).toBe(true);
});

test.each([
  [`${SERVER}, ${CA(AUTHORITY)}`, { kind: 'authority', from: 'the kubeconfig', serverName: undefined }],
  [`${SERVER}, certificate-authority: ca.crt`, { kind: 'authority', from: '/ca.crt', serverName: undefined }],
  [`${SERVER}, tls-server-name: api`, { kind: 'system', serverName: 'api' }],
  [`${SERVER}, insecure-skip-tls-verify: true`, { kind: 'none', reason: 'skipped' }],
  ['server: "http://127.0.0.1:8001"', { kind: 'none', reason: 'no-tls' }],
])('%s trusts %j', (cluster, expected) => {
  expect(toTrust(access(cluster))).toEqual(expected);
});

test('certificates are checked unless the kubeconfig says otherwise, from TLS 1.2 on', () => {
  expect(toTlsOptions(access(SERVER), undefined)).toMatchObject({ rejectUnauthorized: true, minVersion: 'TLSv1.2' });
  const skipped = access(`${SERVER}, insecure-skip-tls-verify: true`);
  expect(toTlsOptions(skipped, undefined).rejectUnauthorized).toBe(false);
});

test('a client certificate of the kubeconfig goes before the plugin’s', () => {
  const exec = 'exec: {command: p, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}';
  const given = { token: undefined, certificate: 'plugin', key: 'plugin', expiresAtMs: undefined };
  expect(toTlsOptions(access(SERVER, exec), given)).toMatchObject({ cert: 'plugin', key: 'plugin' });
  const own = access(SERVER, `${exec}, client-certificate-data: b3du, client-key-data: b3du`);
  expect(String(toTlsOptions(own, given).cert)).toBe('own');
});
