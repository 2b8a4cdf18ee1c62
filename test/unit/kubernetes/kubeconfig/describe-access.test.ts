import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCluster } from '../../../../src/adapters/kubernetes/cluster.ts';
import { AUTHORITY } from './authority.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-access-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What is said of a kubeconfig with this user. */
function describe(
  user: string,
  more: string[] = [],
  { cluster = "server: 'https://127.0.0.1:1'", environment = {} }: { cluster?: string; environment?: object } = {},
) {
  const file = path.join(folder, 'config');
  writeFileSync(path.join(folder, 'ca.pem'), AUTHORITY);
  writeFileSync(
    file,
    `{current-context: c, clusters: [{name: c, cluster: {${cluster}}}], contexts: [{name: c, context: {cluster: c, user: u}}], users: [{name: u, user: ${user}}]}`,
  );
  const KUBECONFIG = [file, ...more].join(path.delimiter);
  return openCluster({ environment: { KUBECONFIG, PATH: folder, ...environment } }).access;
}

const PLUGIN = '{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ';

it.each([
  ['{token: x}', 'token'],
  ['{username: a, password: b}', 'password'],
  ['{client-certificate-data: eA==, client-key-data: eA==}', 'certificate'],
  ['{auth-provider: {name: oidc, config: {}}}', 'auth-provider'],
  ['{}', 'none'],
  // A token goes before the plugin.
  [`{token: x, ${PLUGIN.slice(1)}aws}}`, 'token'],
])('names the credentials of %s', (user, kind) => expect(describe(user).credentials).toEqual({ kind }));

it('finds a plugin as a shell would, and says where it is not', () => {
  const plugin = { kind: 'plugin', command: 'my-login', installHint: 'Get it' };
  const user = `${PLUGIN}my-login, installHint: Get it}}`;
  expect(describe(user).credentials).toEqual({ ...plugin, foundAt: undefined });
  writeFileSync(path.join(folder, 'my-login'), '');
  expect(describe(user).credentials).toEqual({ ...plugin, foundAt: undefined });
  chmodSync(path.join(folder, 'my-login'), 0o755);
  expect(describe(user).credentials).toEqual({ ...plugin, foundAt: path.join(folder, 'my-login') });
  expect(describe(`${PLUGIN}./my-login}}`).credentials).toMatchObject({ foundAt: path.join(folder, 'my-login') });
});

it('names every file of a list, and whether it is there', () => {
  const missing = path.join(folder, 'none');
  expect(describe('{}', [missing]).files).toEqual([
    { path: path.join(folder, 'config'), isThere: true },
    { path: missing, isThere: false },
  ]);
});

const SERVER = "server: 'https://api.example.com'";
const CA = { NODE_EXTRA_CA_CERTS: '/ca.pem' };
const PROXY = { HTTPS_PROXY: 'http://proxy:3128' };

it.each<[string, string, object, string[]]>([
  ['an authority of the machine', SERVER, CA, ['NODE_EXTRA_CA_CERTS']],
  [
    'an authority of the kubeconfig',
    `${SERVER}, certificate-authority-data: ${Buffer.from(AUTHORITY).toString('base64')}`,
    CA,
    [],
  ],
  ['an authority in a file', `${SERVER}, certificate-authority: ca.pem`, CA, []],
  ['no check', `${SERVER}, insecure-skip-tls-verify: true`, CA, []],
  ['a proxy', SERVER, PROXY, ['HTTPS_PROXY']],
  ['a proxy in small letters', SERVER, { https_proxy: 'http://proxy:3128' }, ['https_proxy']],
  ['a proxy of the kubeconfig', `${SERVER}, proxy-url: 'http://other:3128'`, PROXY, []],
  ['no proxy for this server', SERVER, { ...PROXY, NO_PROXY: '.example.com,api.example.com' }, []],
  ['a proxy for plain HTTP alone', SERVER, { HTTP_PROXY: 'http://proxy:3128' }, []],
  ['nothing of the environment', SERVER, {}, []],
])('names the variables on which %s rests', (_what, cluster, environment, expected) => {
  expect(describe('{}', [], { cluster, environment }).variables).toEqual(expected);
});
