import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { needsPlugin, toHeaders } from '../../../../src/adapters/kubernetes/credentials/headers.ts';
import { parseKubeconfig, type UserEntry } from '../../../../src/adapters/kubernetes/kubeconfig/entries.ts';

const CREDENTIAL = { token: 'from-plugin', certificate: undefined, key: undefined, expiresAtMs: undefined };
const EXEC = 'exec: {command: p, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-headers-'));
  writeFileSync(path.join(folder, 'tok'), ' from-file\n');
  writeFileSync(path.join(folder, 'empty'), '\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

function user(yaml: string): UserEntry {
  return parseKubeconfig(`users: [{name: u, user: {${yaml}}}]`, folder).users.get('u') as UserEntry;
}

const headersOf = (yaml: string, isEncrypted = true) => {
  const who = user(yaml);
  return toHeaders(who, needsPlugin(who) ? CREDENTIAL : undefined, isEncrypted);
};

test.each([
  ['token: t', 'Bearer t'],
  ['tokenFile: tok', 'Bearer from-file'],
  ['token: t, tokenFile: tok', 'Bearer from-file'],
  ['token: t, tokenFile: gone', 'Bearer t'],
  ['token: t, tokenFile: empty', 'Bearer t'],
  ['username: u, password: p', `Basic ${Buffer.from('u:p').toString('base64')}`],
  ['username: u', `Basic ${Buffer.from('u:').toString('base64')}`],
  [EXEC, 'Bearer from-plugin'],
  [`${EXEC}, token: t`, 'Bearer t'],
  [`${EXEC}, tokenFile: tok`, 'Bearer from-file'],
  [`${EXEC}, username: u, password: p`, `Basic ${Buffer.from('u:p').toString('base64')}`],
  [`${EXEC}, client-certificate: c, client-key: k`, undefined],
  [`${EXEC}, client-key: k`, 'Bearer from-plugin'],
  ['', undefined],
])('%s asks with %s', (yaml, expected) => {
  expect(headersOf(yaml)['Authorization']).toBe(expected);
});

/** A JWT that expires then. */
function toIdToken(exp: unknown): string {
  const parts = [{ alg: 'none' }, { exp }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return [...parts, 'c2ln'].join('.');
}
const soon = Math.floor(Date.now() / 1000) + 60;
const oidc = (token: string) => `auth-provider: {name: oidc, config: {id-token: ${token}}}`;

test.each([toIdToken(soon), toIdToken(undefined), 'no.jwt', 'x'])(
  'an OIDC token is sent while it may be valid: %s',
  (token) => {
    expect(headersOf(oidc(token))['Authorization']).toBe(`Bearer ${token}`);
    expect(headersOf(`token: t, ${oidc(token)}`)['Authorization']).toBe('Bearer t');
    expect(headersOf(oidc(token), false)['Authorization']).toBeUndefined();
  },
);

test.each([
  [oidc(toIdToken(soon - 55)), 'its id-token has expired'],
  [oidc(toIdToken(0)), 'its id-token has expired'],
  ['auth-provider: {name: oidc}', 'there is no id-token yet'],
  ['auth-provider: {name: oidc, config: {id-token: [a]}}', 'there is no id-token yet'],
  ['auth-provider: {name: gcp, config: {access-token: t}}', /no longer knows it/],
])('an auth provider that has none says so, and that kubectl knows more: %s', (yaml, reason) => {
  expect(() => headersOf(yaml)).toThrow(
    expect.objectContaining({
      code: 'CREDENTIALS_REJECTED',
      reason: expect.stringMatching(reason),
      suggestions: [expect.objectContaining({ program: 'kubectl', words: ['auth', 'whoami'] })],
    }),
  );
});

test('no credentials are sent without TLS; whom one asks as is', () => {
  expect(headersOf('token: t, as: jane', false)).toEqual({ 'Impersonate-User': 'jane' });
});

test('one asks as somebody with groups, an id and extras, each value a header of its own', () => {
  expect(
    headersOf('as: Jürgen, as-uid: "7", as-groups: [a, b], as-user-extra: {example.org/x: [p, q], none: []}'),
  ).toEqual({
    'Impersonate-User': Buffer.from('Jürgen').toString('latin1'),
    'Impersonate-Uid': '7',
    'Impersonate-Group': ['a', 'b'],
    'Impersonate-Extra-example.org%2Fx': ['p', 'q'],
  });
});

test.each([
  'tokenFile: gone',
  'tokenFile: empty',
  'token: "a\\r\\nX-Evil: 1"',
  'as: "a\\nb"',
  'as: u, as-groups: ["a\\nb"]',
])('%s is refused as the kubeconfig’s fault', (yaml) => {
  expect(() => headersOf(yaml)).toThrow(expect.objectContaining({ code: 'KUBECONFIG_INVALID' }));
});
