import { expect, it } from 'vitest';
import { type ApiAction, ApiRefusal, toApiError } from '../../../../src/adapters/kubernetes/api/translate.ts';
import { findFault, listOthers } from '../../../../src/adapters/kubernetes/ways/way-faults.ts';
import { failure } from '../../../../src/workspace/errors/errors.ts';

const ACTION: ApiAction = { verb: 'create', resource: 'pods/portforward', namespace: 'team' };
const SERVER = new URL('https://api.test');

function forbidden(message: string): Error {
  return toApiError(new ApiRefusal(403, { message }), ACTION, SERVER);
}

/** As `openSocketStream` tells a refusal that is none of credentials. */
function refused(statusCode: number, message: string, isForeign = false): Error {
  const cause = new ApiRefusal(statusCode, { message, ...(isForeign ? { isForeign } : {}) });
  return failure('CONNECTION_FAILED', { message: 'No stream to pod p can be opened', reason: message, cause });
}

const CREATE = 'pods "p" is forbidden: User "u" cannot create resource "pods/portforward" in API group ""';
const GET = 'pods "p" is forbidden: User "u" cannot get resource "pods/portforward" in API group ""';

it.each<[string, unknown, ReturnType<typeof findFault>, string[]]>([
  ['RBAC', forbidden(CREATE), 'forbidden', ['exec']],
  ['RBAC that lacks the verb of a WebSocket alone', forbidden(GET), 'forbidden', ['exec', 'spdy']],
  [
    'an admission policy',
    refused(422, "ValidatingAdmissionPolicy 'x' denied request: no forwards"),
    'forbidden',
    ['exec'],
  ],
  ['a webhook', refused(400, 'admission webhook "x" denied the request: no'), 'forbidden', ['exec']],
  ['a proxy that refuses', refused(403, '<html>', true), 'not-upgraded', ['spdy']],
  ['a gateway that knows no upgrade', refused(502, 'Bad Gateway', true), 'not-upgraded', ['spdy']],
  [
    'a server that knows no WebSocket',
    refused(400, 'unable to upgrade: Upgrade request required'),
    'not-upgraded',
    ['spdy'],
  ],
  ['a WebSocket that is cut', failure('CONNECTION_LOST', { message: 'lost' }), 'cut', ['spdy']],
  ['a pod that is not there', refused(404, 'pods "p" not found'), undefined, []],
  ['a pod that the kubelet does not know', refused(400, 'unable to upgrade connection: pod not found'), undefined, []],
  ['a kubelet that is not there', refused(502, 'error dialing backend: connection refused'), undefined, []],
  ['an API server that restarts', refused(503, 'apiserver is shutting down'), undefined, []],
  [
    'a port at which nothing listens',
    failure('CONNECTION_FAILED', { message: 'x', reason: 'nothing listens' }),
    undefined,
    [],
  ],
  ['credentials', failure('CREDENTIALS_REJECTED', { message: 'x' }), undefined, []],
  ['no network', failure('CLUSTER_UNREACHABLE', { message: 'x' }), undefined, []],
  ['a namespace that ends', forbidden('namespace team is being terminated'), undefined, []],
  ['a bug', new Error('x'), undefined, []],
])('%s', (_what, error, fault, others) => {
  expect(findFault(error)).toBe(fault);
  expect(fault === undefined ? [] : listOthers(fault, error)).toEqual(others);
});

it('silence is mended by an exec', () => expect(listOthers('silent', undefined)).toEqual(['exec']));
