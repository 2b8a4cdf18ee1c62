/** Causes that show in an error: each from the words and codes with which an adapter makes that error. */
import { describe, expect, it } from 'vitest';
import { toProxyError } from '../../../src/adapters/kubernetes/api/proxy/proxy-error.ts';
import { ApiRefusal, toApiError, toConnectionError } from '../../../src/adapters/kubernetes/api/translate.ts';
import { parseCredential, rejected } from '../../../src/adapters/kubernetes/credentials/exec-credential.ts';
import { Authenticator } from '../../../src/adapters/ssh/connecting/authenticator.ts';
import { toConnectFailure } from '../../../src/adapters/ssh/connecting/connect-failure.ts';
import type { Signer } from '../../../src/adapters/ssh/keys/signers.ts';
import { toBecause } from '../../../src/workspace/diagnosis/cause.ts';
import { HERE } from '../../../src/workspace/diagnosis/causes/failures/here.ts';
import { LOGIN } from '../../../src/workspace/diagnosis/causes/failures/login.ts';
import { REACH } from '../../../src/workspace/diagnosis/causes/failures/reach.ts';
import { RIGHTS } from '../../../src/workspace/diagnosis/causes/failures/rights.ts';
import { withCause } from '../../../src/workspace/diagnosis/with-cause.ts';
import { failure, type WorkspaceError } from '../../../src/workspace/errors/errors.ts';

const SERVER = new URL('https://api.example.com:6443');
const coded = (code: string) => Object.assign(new Error('in the words of another'), { code });
const unreached = (code: string) => toConnectionError(coded(code), SERVER, undefined);
const proxied = (fault: unknown) => toProxyError({ url: 'http://proxy:3128', variable: 'HTTPS_PROXY' }, SERVER, fault);
const refused = (statusCode: number, message: string, verb: string, resource: string) =>
  toApiError(new ApiRefusal(statusCode, { message }), { verb, resource, namespace: 'team' }, SERVER);
const fileFailed = (code: string) =>
  failure('LOCAL_FILE_FAILED', { message: 'A file cannot be written', reason: '/x: y', cause: coded(code) });

const FOUND = {
  ...{ reason: 'r', message: 'm', evidence: [], suggestions: [], unseen: [], waiting: 'useless' as const },
};

const EXEC = {
  ...{ command: 'login', args: [], env: [], apiVersion: 'client.authentication.k8s.io/v1' },
  ...{ provideClusterInfo: false, interactiveMode: 'Never' as const, installHint: undefined },
};

/** The error of a plugin that printed this. */
function answered(output: string): unknown {
  try {
    return parseCredential(output, EXEC);
  } catch (error) {
    return error;
  }
}

/** The error of a server that went away after so many of 20 keys. */
function tired(heard: number): unknown {
  const signers = Array.from({ length: 20 }, () => ({ identity: { fingerprint: 'f', type: 't', source: 'agent' } }));
  const authenticator = new Authenticator('me', signers as unknown as Signer[]);
  for (let key = 0; key < heard; key += 1) authenticator.next([], false, () => undefined);
  return toConnectFailure(undefined, authenticator);
}

const document = (status: object, apiVersion = EXEC.apiVersion) =>
  JSON.stringify({ kind: 'ExecCredential', apiVersion, status });

const CASES: [code: string, how: string, error: unknown][] = [
  ...[
    ['API_REFUSED', 'ECONNREFUSED'],
    ['API_NAME_UNKNOWN', 'ENOTFOUND'],
    ['API_NAME_UNKNOWN', 'EAI_AGAIN'],
    ['API_TIMEOUT', 'ETIMEDOUT'],
    ['API_TIMEOUT', 'EHOSTUNREACH'],
    ['API_CERTIFICATE_UNTRUSTED', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['API_CERTIFICATE_UNTRUSTED', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['API_CERTIFICATE_NAME', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['API_CERTIFICATE_EXPIRED', 'CERT_HAS_EXPIRED'],
    ['CLOCK_WRONG', 'CERT_NOT_YET_VALID'],
  ].map(([code = '', word = '']): [string, string, unknown] => [code, word, unreached(word)]),
  ...[403, 407, 502, 418].map((status): [string, string, unknown] => [
    'API_PROXY_REFUSED',
    `answers ${status}`,
    proxied(status),
  ]),
  ['API_PROXY_REFUSED', 'never answers', proxied(coded('ETIMEDOUT'))],
  ...['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET'].map((word): [string, string, unknown] => [
    'API_PROXY_AWAY',
    word,
    proxied(coded(word)),
  ]),
  ...[429, 500, 502, 503, 504].map((status): [string, string, unknown] => [
    'API_OVERLOADED',
    `HTTP ${status}`,
    refused(status, 'busy', 'list', 'pods'),
  ]),
  [
    'STREAM_PROXY',
    'a status instead of a stream',
    failure('CONNECTION_FAILED', { message: 'No stream to the pod', reason: 'HTTP status 403: no' }),
  ],
  ['RIGHTS_MISSING', 'a verb', refused(403, 'pods is forbidden: User "bob" cannot list', 'list', 'pods')],
  ['RIGHTS_PORT_FORWARD', 'the stream', refused(403, 'User "bob" cannot get it', 'get', 'pods/portforward')],
  ...['TOKEN_EXPIRED', 'CLIENT_CERTIFICATE_EXPIRED'].map((word): [string, string, unknown] => [
    word,
    'a 401',
    failure('CREDENTIALS_REJECTED', { message: 'x', cause: new ApiRefusal(401, {}, word) }),
  ]),
  ['KEYS_TOO_MANY', 'after 6 of 20 keys', tired(6)],
  [
    'AUTHORIZED_KEYS_UNUSABLE',
    'no line is a key',
    failure('KEY_NOT_AUTHORIZED', { message: 'x', cause: coded('AUTHORIZED_KEYS_UNUSABLE') }),
  ],
  ['PLUGIN_MISSING', 'ENOENT', rejected('login', 'login is not installed', coded('ENOENT'))],
  ['PLUGIN_FAILED', 'in its own words', rejected('login', 'no such profile')],
  ['PLUGIN_FAILED', 'in words like ours', rejected('login', 'it printed the ExecCredential elsewhere')],
  ['PLUGIN_FAILED', 'may not be run', rejected('login', 'it may not be run', coded('EACCES'))],
  ['PLUGIN_WANTS_TERMINAL', 'always asks', rejected('login', 'it has to ask (interactiveMode: Always), and …')],
  ...[
    ...['welcome', '{}', '[]', document({}), document({ token: 't' }, 'client.authentication.k8s.io/v1beta1')],
    ...[document({ clientKeyData: 'k' }), document({ token: 't', expirationTimestamp: 'soon' })],
    JSON.stringify({ kind: 'ExecCredential', apiVersion: EXEC.apiVersion }),
  ].map((output): [string, string, unknown] => ['PLUGIN_BAD_ANSWER', output, answered(output)]),
  ['LOCAL_DISK_FULL', 'ENOSPC', fileFailed('ENOSPC')],
  ['LOCAL_DISK_FULL', 'EDQUOT', fileFailed('EDQUOT')],
  ...['EACCES', 'EROFS', 'ENOTDIR', 'EISDIR'].map((word): [string, string, unknown] => [
    'LOCAL_FILE_REFUSED',
    word,
    fileFailed(word),
  ]),
  [
    'HELM_RELEASE_TOO_LARGE',
    'the Secret is full',
    failure('HELM_FAILED', {
      message: 'Helm failed',
      reason: 'Secret "sh.helm.release.v1.ws-dev.v1" is invalid: data: Too long: may not be more than 1048576 bytes',
    }),
  ],
  ['USER_WRONG', 'another user', failure('BAD_WORKSPACE_NAME', { message: 'Workspace dev has no user root' })],
];

it('with several causes names all of them', () => {
  const found = (code: string) => ({ ...FOUND, code });
  expect(toBecause([found('A'), found('B'), found('A'), found('B')])).toMatchObject({ code: 'A', also: ['B'] });
  expect(toBecause([found('A')])).not.toHaveProperty('also');
  expect(toBecause([])).toBeUndefined();
});

describe('an error', () => {
  it.each(CASES)('has the cause %s: %s', (code, _how, error) => {
    const { because, message, suggestions } = withCause(error as Error) as WorkspaceError;
    expect(because).toMatchObject({ code });
    // The cause adds to an error, and takes nothing away.
    expect(message).toBe((error as WorkspaceError).message);
    expect(suggestions).toEqual(expect.arrayContaining([...(error as WorkspaceError).suggestions]));
  });

  it('has one of each cause here', () => {
    const all = [...REACH, ...RIGHTS, ...LOGIN, ...HERE].map(({ code }) => code).sort();
    expect([...new Set(CASES.map(([code]) => code))].sort()).toEqual(all);
  });

  it.each([
    failure('WORKSPACE_MISSING', { message: 'There is no workspace dev' }),
    failure('CLUSTER_UNREACHABLE', { message: 'x', reason: 'the proxy is mentioned' }),
    // All were heard, and none was right.
    tired(20) as Error,
    new Error('a bug'),
  ])('that no cause explains stays as it is: %s', (error) => {
    expect(withCause(error)).toBe(error);
  });
});
