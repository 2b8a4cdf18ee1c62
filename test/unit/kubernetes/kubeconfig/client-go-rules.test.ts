/** What client-go takes for usable and what it refuses: each line is a kubeconfig, and kubectl's verdict on it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadAccess } from '../../../../src/adapters/kubernetes/kubeconfig/load-access.ts';
import { AUTHORITY } from './authority.ts';

const CA = Buffer.from(AUTHORITY).toString('base64');
const EXEC = 'command: p, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-rules-'));
  for (const [name, text] of Object.entries({ 'ca.crt': AUTHORITY, 'me.crt': 'c', 'me.key': 'k', empty: '' }))
    writeFileSync(path.join(folder, name), text);
});
afterEach(() => rmSync(folder, { recursive: true }));

function load(cluster: string, user: string, more = '') {
  const kubeconfig = path.join(folder, 'config');
  writeFileSync(
    kubeconfig,
    `current-context: a
${more}
clusters: [{name: a, cluster: {${cluster}}}]
users: [{name: a, user: {${user}}}]
contexts: [{name: a, context: {cluster: a, user: a}}]
`,
  );
  return loadAccess({ kubeconfig, environment: {} });
}

const SERVER = 'server: "https://api.test:6443"';

describe('a cluster', () => {
  it.each([
    ['a certificate authority as data', `${SERVER}, certificate-authority-data: ${CA}`],
    ['one in a file beside the kubeconfig', `${SERVER}, certificate-authority: ca.crt`],
    ['checks turned off', `${SERVER}, insecure-skip-tls-verify: true`],
    [
      'checks turned off and an empty authority',
      `${SERVER}, insecure-skip-tls-verify: true, certificate-authority: ""`,
    ],
    ['checks left on, said so', `${SERVER}, insecure-skip-tls-verify: false, certificate-authority: ca.crt`],
    [
      'http, where nothing of TLS counts',
      'server: "http://a", insecure-skip-tls-verify: true, certificate-authority: ca.crt',
    ],
    ['a proxy', `${SERVER}, proxy-url: "socks5://p:1080"`],
    ['an IPv6 address', 'server: "https://[fd00::1]:6443"'],
    ['a path', 'server: "https://api.test/k8s/clusters/c-1/"'],
    ['a name for TLS', `${SERVER}, tls-server-name: other`],
    ['fields that nobody knows', `${SERVER}, colour: red`],
  ])('with %s is taken', (_name, cluster) => {
    expect(load(cluster, 'token: t').cluster.name).toBe('a');
  });

  it.each([
    ['data and checks turned off', `${SERVER}, certificate-authority-data: ${CA}, insecure-skip-tls-verify: true`],
    ['a file and checks turned off', `${SERVER}, certificate-authority: ca.crt, insecure-skip-tls-verify: true`],
    ['data and a file', `${SERVER}, certificate-authority-data: ${CA}, certificate-authority: ca.crt`],
    ['a file that is not there', `${SERVER}, certificate-authority: gone.crt`],
    ['a file without a certificate', `${SERVER}, certificate-authority: empty`],
    ['data that is no base64', `${SERVER}, certificate-authority-data: "***"`],
    ['data that is no certificate', `${SERVER}, certificate-authority-data: aGVsbG8=`],
    ['a proxy of another kind', `${SERVER}, proxy-url: "ftp://p"`],
    ['a proxy without a scheme', `${SERVER}, proxy-url: "p:3128"`],
    ['no server', 'insecure-skip-tls-verify: true'],
    ['a server without a scheme', 'server: "api.test:6443"'],
    ['a server of another scheme', 'server: "ssh://api.test"'],
    ['checks turned off by a text', `${SERVER}, insecure-skip-tls-verify: "true"`],
    ['checks turned off by a number', `${SERVER}, insecure-skip-tls-verify: 1`],
    ['a server that is a number', 'server: 7'],
  ])('with %s is refused before anything is asked', (_name, cluster) => {
    expect(() => load(cluster, 'token: t')).toThrow(expect.objectContaining({ code: 'KUBECONFIG_INVALID' }));
  });
});

describe('a user', () => {
  it.each([
    ['nothing', ''],
    ['a token', 'token: t'],
    ['a token and its file', 'token: t, tokenFile: tok'],
    ['a password', 'username: u, password: p'],
    ['a certificate as data', 'client-certificate-data: Yw==, client-key-data: aw=='],
    ['a certificate as data and a key in a file', 'client-certificate-data: Yw==, client-key: me.key'],
    ['a certificate and a token', 'client-certificate: me.crt, client-key: me.key, token: t'],
    ['a plugin', `exec: {${EXEC}}`],
    [
      'a plugin of the older version without a mode',
      'exec: {command: p, apiVersion: client.authentication.k8s.io/v1beta1}',
    ],
    ['a plugin and a token', `exec: {${EXEC}}, token: t`],
    ['impersonation', 'as: u, as-uid: "7", as-groups: [g], as-user-extra: {scopes: [a, b]}'],
  ])('with %s is taken', (_name, user) => {
    expect(load(SERVER, user).user.name).toBe('a');
  });

  it.each([
    ['a token and a name', 'token: t, username: u'],
    ['a token file and a password', 'tokenFile: tok, password: p'],
    ['a certificate twice', 'client-certificate: me.crt, client-certificate-data: Yw==, client-key: me.key'],
    ['a key twice', 'client-certificate: me.crt, client-key: me.key, client-key-data: aw=='],
    ['a certificate without a key', 'client-certificate: me.crt'],
    ['a certificate that is not there', 'client-certificate: gone.crt, client-key: me.key'],
    ['a key that is not there', 'client-certificate: me.crt, client-key: gone.key'],
    ['a plugin and an auth provider', `exec: {${EXEC}}, auth-provider: {name: oidc}`],
    ['a plugin without a command', 'exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}'],
    ['a plugin without a version', 'exec: {command: p, interactiveMode: Never}'],
    ['a plugin of a version that is gone', 'exec: {command: p, apiVersion: client.authentication.k8s.io/v1alpha1}'],
    ['a plugin without a mode', 'exec: {command: p, apiVersion: client.authentication.k8s.io/v1}'],
    ['a plugin of an unknown mode', `exec: {${EXEC.replace('Never', 'Sometimes')}}`],
    ['a plugin with a nameless variable', `exec: {${EXEC}, env: [{value: x}]}`],
    ['a plugin whose arguments are numbers', `exec: {${EXEC}, args: [1]}`],
    ['groups of nobody', 'as-groups: [g]'],
    ['an id of nobody', 'as-uid: "7"'],
    ['extras of nobody', 'as-user-extra: {scopes: [a]}'],
    ['a token that is a number', 'token: 7'],
  ])('with %s is refused before anything is asked', (_name, user) => {
    expect(() => load(SERVER, user)).toThrow(expect.objectContaining({ code: 'KUBECONFIG_INVALID' }));
  });
});

describe('a file', () => {
  it('of another kind or version, or with a name twice, is refused', () => {
    for (const more of ['kind: Pod', 'apiVersion: v2', 'preferences: {}\nusers: []'])
      expect(() => load(SERVER, '', more), more).toThrow(expect.objectContaining({ code: 'KUBECONFIG_INVALID' }));
    const twice = path.join(folder, 'twice');
    writeFileSync(twice, 'contexts: [{name: a, context: {}}, {name: a, context: {}}]');
    expect(() => loadAccess({ kubeconfig: twice, environment: {} })).toThrow(/cannot be used/);
  });

  it('that cannot be read is an error, also in a list; one that is not there is passed over', () => {
    load(SERVER, '');
    const good = path.join(folder, 'config');
    const list = (...files: string[]) => ({ environment: { KUBECONFIG: files.join(path.delimiter), HOME: folder } });
    expect(loadAccess(list(path.join(folder, 'gone'), '', good)).context).toBe('a');
    expect(() => loadAccess(list(good, folder))).toThrow(expect.objectContaining({ code: 'KUBECONFIG_INVALID' }));
  });

  it('is not looked for at home when KUBECONFIG is a list, of nothing even', () => {
    load(SERVER, '');
    const environment = { KUBECONFIG: path.delimiter, HOME: folder };
    expect(() => loadAccess({ environment })).toThrow(expect.objectContaining({ code: 'KUBECONFIG_MISSING' }));
  });

  it('a date or a time in it is a text', () => {
    const kubeconfig = path.join(folder, 'dated');
    writeFileSync(
      kubeconfig,
      'current-context: 2024-01-01\nclusters: [{name: 2024-01-01, cluster: {server: "https://a"}}]\ncontexts: [{name: 2024-01-01, context: {cluster: 2024-01-01, user: u}}]',
    );
    expect(loadAccess({ kubeconfig, environment: {} }).context).toBe('2024-01-01');
  });
});
