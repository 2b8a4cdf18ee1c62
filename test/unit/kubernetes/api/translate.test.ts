import { expect, test } from 'vitest';
import {
  ApiRefusal,
  findStatusCode,
  toApiError,
  toConnectionError,
  toStreamReason,
} from '../../../../src/adapters/kubernetes/api/translate.ts';
import { saying } from '../../../spelling.ts';

const SERVER = new URL('https://api.example.com:6443');
const ACTION = { verb: 'create', resource: 'pods/portforward', namespace: 'team' };

test('a 403 names verb, resource and namespace, and how to check it', () => {
  const said =
    'pods "p" is forbidden: User "bob" cannot create resource "pods/portforward" in API group "" in the namespace "team"';
  expect(toApiError(new ApiRefusal(403, { message: said }), ACTION, SERVER)).toMatchObject({
    code: 'NOT_PERMITTED',
    message: 'You may not create pods/portforward in namespace team',
    reason: said,
    suggestions: expect.arrayContaining([
      saying('kubectl auth can-i create pods --namespace team --subresource portforward'),
    ]),
  });
});

test('a 403 across namespaces is checked across namespaces, and asks for a ClusterRole', () => {
  const error = toApiError(
    new ApiRefusal(403, { message: 'no' }),
    { verb: 'list', resource: 'pods', namespace: undefined },
    SERVER,
  );
  expect(error).toMatchObject({
    message: 'You may not list pods',
    suggestions: [saying('kubectl auth can-i list pods --all-namespaces'), saying(/a ClusterRole that allows/)],
  });
});

test.each([
  [{ isForeign: true, message: 'RBAC: access denied' }, 'HTTP status 403: RBAC: access denied'],
  [{ isForeign: true, message: '<html><h1>403 Forbidden</h1></html>' }, 'HTTP status 403'],
  [{ isForeign: true }, 'HTTP status 403'],
])("a 403 that is not the API server's says nothing of rights: %j", (status, reason) => {
  expect(toApiError(new ApiRefusal(403, status), ACTION, SERVER)).toMatchObject({
    code: 'CLUSTER_UNREACHABLE',
    message: expect.stringContaining('Something on the way to the API server'),
    reason,
  });
});

test('a 403 of an admission rule is not a missing permission', () => {
  const said = 'pods "p" is forbidden: exceeded quota: q';
  expect(toApiError(new ApiRefusal(403, { message: said }), ACTION, SERVER)).toMatchObject({
    message: 'The cluster refuses the change',
    reason: said,
  });
});

test.each([
  [401, {}, 'CREDENTIALS_REJECTED'],
  [404, { details: { kind: 'namespaces', name: 'team' } }, 'NAMESPACE_MISSING'],
  [404, { details: { kind: 'pods', name: 'p' } }, 'WORKSPACE_MISSING'],
  [409, {}, 'WORKSPACE_BUSY'],
  [503, {}, 'CLUSTER_UNREACHABLE'],
])('HTTP %i %j is %s and keeps its status', (statusCode, status, code) => {
  const error = toApiError(new ApiRefusal(statusCode, status), ACTION, SERVER);
  expect(error).toMatchObject({ code });
  expect(findStatusCode(error)).toBe(statusCode);
});

test('an answer that nothing here expects stays a bug', () => {
  const refusal = new ApiRefusal(422, { message: 'invalid' });
  expect(toApiError(refusal, ACTION, SERVER)).toBe(refusal);
});

test.each([
  ['ECONNREFUSED', 'nothing listens there (ECONNREFUSED)'],
  ['ENOTFOUND', 'its name is not known (ENOTFOUND)'],
  ['ETIMEDOUT', 'it does not answer (ETIMEDOUT)'],
])('%s names the host and says "%s"', (code, reason) => {
  const error = toConnectionError(Object.assign(new Error('x'), { code }), SERVER, undefined);
  expect(error).toMatchObject({
    code: 'CLUSTER_UNREACHABLE',
    reason,
    message: expect.stringContaining('api.example.com:6443'),
  });
});

test('a certificate that does not fit is said in words, with the code to look for', () => {
  const cause = Object.assign(new Error("Hostname/IP does not match certificate's altnames"), {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
  expect(toConnectionError(cause, SERVER, undefined).reason).toMatch(/certificate is for other names/);
});

test('a signal that fired goes before the error it caused', () => {
  expect(toConnectionError(new Error('aborted'), SERVER, AbortSignal.abort()).code).toBe('INTERRUPTED');
});

test("the runtime's words for a refused port are shortened, unknown ones kept", () => {
  const said =
    'error forwarding port 9 to pod 1, uid : failed to connect to localhost:9 inside namespace "x", IPv4: dial tcp4 127.0.0.1:9: connect: connection refused';
  expect(toStreamReason(said, 9)).toBe('nothing listens on port 9 in the pod');
  expect(toStreamReason('the moon is full', 9)).toBe('the moon is full');
});
