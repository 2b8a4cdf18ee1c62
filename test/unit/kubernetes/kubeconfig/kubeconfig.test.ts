import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadAccess } from '../../../../src/adapters/kubernetes/kubeconfig/load-access.ts';
import { AUTHORITY } from './authority.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-kubeconfig-'));
  write('ca.crt', AUTHORITY);
  write('sub/ca.crt', AUTHORITY);
  write('sub/me.crt', AUTHORITY);
  write('sub/me.key', 'key');
  write('.kube/ca.crt', AUTHORITY);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function config(name: string, extra = '', user = 'token: t'): string {
  return `apiVersion: v1
kind: Config
current-context: ${name}
clusters: [{name: ${name}, cluster: {server: "https://${name}:6443", certificate-authority: ca.crt}}]
users: [{name: ${name}, user: {${user}}}]
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}${extra}}}]
`;
}

test('the current context, its namespace, and paths relative to their file', () => {
  const file = write(
    'sub/a',
    config('a', ', namespace: team', 'client-certificate: me.crt, client-key: me.key, tokenFile: tok'),
  );
  expect(loadAccess({ kubeconfig: file, environment: {} })).toMatchObject({
    context: 'a',
    namespace: 'team',
    cluster: { server: 'https://a:6443', caFile: path.join(folder, 'sub/ca.crt') },
    user: { certFile: path.join(folder, 'sub/me.crt'), tokenFile: path.join(folder, 'sub/tok') },
  });
});

test('KUBECONFIG is a list: missing files are passed over, the first definition of a name wins', () => {
  const first = write('first', config('a'));
  const second = write('second', config('a').replace('https://a:6443', 'https://other:6443') + '\n');
  const third = write('third', config('b', ', namespace: three'));
  const KUBECONFIG = [path.join(folder, 'none'), first, second, third].join(path.delimiter);
  expect(loadAccess({ environment: { KUBECONFIG } })).toMatchObject({
    context: 'a',
    cluster: { server: 'https://a:6443' },
  });
  expect(loadAccess({ context: 'b', environment: { KUBECONFIG } })).toMatchObject({ context: 'b', namespace: 'three' });
});

test('without KUBECONFIG it is the one in the home folder; a chosen namespace goes before all', () => {
  write('.kube/config', config('h', ', namespace: x'));
  expect(loadAccess({ namespace: 'mine', environment: { HOME: folder } })).toMatchObject({
    context: 'h',
    namespace: 'mine',
  });
});

test('no namespace anywhere is "default"', () => {
  expect(loadAccess({ kubeconfig: write('a', config('a')), environment: {} }).namespace).toBe('default');
});

test('impersonation and groups are read', () => {
  const file = write('a', config('a', '', 'as: jane, as-groups: [dev, ops], as-uid: "7"'));
  expect(loadAccess({ kubeconfig: file, environment: {} }).user).toMatchObject({
    impersonateUser: 'jane',
    impersonateGroups: ['dev', 'ops'],
    impersonateUid: '7',
  });
});

test('no kubeconfig at all says where it looked', () => {
  expect(() => loadAccess({ environment: { HOME: folder } })).toThrow(
    expect.objectContaining({ code: 'KUBECONFIG_MISSING', reason: expect.stringContaining('.kube') }),
  );
});

test('an unknown context names those there are', () => {
  const file = write('a', config('a'));
  expect(() => loadAccess({ kubeconfig: file, context: 'z', environment: {} })).toThrow(
    expect.objectContaining({
      code: 'CONTEXT_UNKNOWN',
      reason: expect.stringContaining(' a'),
      message: expect.stringContaining('"z"'),
    }),
  );
});

test.each([
  ['not YAML', 'clusters: [{'],
  ['a list', '- a\n- b\n'],
  ['a sentence', 'hello'],
  ['clusters that are no list', 'clusters: 7'],
  ['a cluster without a server', 'clusters: [{name: a, cluster: {}}]'],
  ['a user that is no map', 'users: [7]'],
  ['null entries', 'users: [null]'],
  ['a context without its cluster', 'current-context: a\ncontexts: [{name: a, context: {cluster: gone, user: u}}]'],
  ['binary', '\u0000\u0001\u0002'],
  ['a certificate path that is a number', 'clusters: [{name: a, cluster: {server: x, certificate-authority: 7}}]'],
  [
    'a server that is no URL',
    'current-context: a\ncontexts: [{name: a, context: {cluster: a, user: u}}]\nclusters: [{name: a, cluster: {server: x}}]',
  ],
  [
    'a server that is a number',
    'current-context: a\ncontexts: [{name: a, context: {cluster: a, user: u}}]\nclusters: [{name: a, cluster: {server: 7}}]',
  ],
])('a damaged kubeconfig (%s) is refused as such', (_name, text) => {
  const file = write('bad', text);
  expect(() => loadAccess({ kubeconfig: file, environment: {} })).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^(KUBECONFIG_INVALID|CONTEXT_UNKNOWN)$/) }),
  );
});

test('an empty kubeconfig has no current context', () => {
  expect(() => loadAccess({ kubeconfig: write('empty', ''), environment: {} })).toThrow(
    expect.objectContaining({ code: 'CONTEXT_UNKNOWN' }),
  );
});
