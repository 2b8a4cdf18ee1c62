/** The way to the API server, and through it. */
import type { WorkspaceError } from '../../../errors/errors.ts';
import { advice } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';
import { type Failed, findSystemCode, toFailedCause } from './failed.ts';

const UNTRUSTED = ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'];

/** By our own words for what goes wrong at a proxy. */
function isOfProxy({ message }: WorkspaceError): boolean {
  return message.startsWith('The proxy ');
}

function isForeignRefusal({ message }: WorkspaceError): boolean {
  return message.startsWith('Something on the way ');
}

function isAway({ message }: WorkspaceError): boolean {
  return message.endsWith(' cannot be reached');
}

/** Each by the code that the system or OpenSSL has for it. */
const BY_CODE: (Omit<Failed, 'group' | 'of' | 'isOf'> & { codes: string[] })[] = [
  {
    code: 'API_REFUSED',
    title: 'Nothing listens at the address of the API server',
    looksLike: 'Every command says that the API server cannot be reached (ECONNREFUSED).',
    help: 'Start the cluster, or check the `server` of the kubeconfig: `kubectl config view`.',
    codes: ['ECONNREFUSED'],
  },
  {
    code: 'API_NAME_UNKNOWN',
    title: 'The name of the API server has no address',
    looksLike: 'Every command says that its name is not known (ENOTFOUND).',
    help: 'Check the `server` of the kubeconfig, the VPN, and whose names this machine asks for.',
    codes: ['ENOTFOUND', 'EAI_AGAIN'],
  },
  {
    code: 'API_TIMEOUT',
    title: 'The API server does not answer',
    looksLike: 'Every command waits, and says that the address does not answer.',
    help: 'Check the network, the VPN and firewalls on the way: `kubectl cluster-info`.',
    codes: ['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  },
  {
    code: 'API_CERTIFICATE_UNTRUSTED',
    title: 'The kubeconfig does not trust the certificate of the API server',
    looksLike: 'Every command says who signed it, or that nobody known did.',
    help: 'Give the cluster its `certificate-authority` in the kubeconfig. A proxy that opens TLS has its own.',
    codes: [...UNTRUSTED, 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_UNTRUSTED'],
  },
  {
    code: 'API_CERTIFICATE_NAME',
    title: 'The certificate of the API server is for another name',
    looksLike: 'Every command lists the names that the certificate has.',
    help: 'Use one of them as `server`, or as `tls-server-name`, in the kubeconfig.',
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
  },
  {
    code: 'API_CERTIFICATE_EXPIRED',
    title: 'The certificate of the API server is over',
    looksLike: 'Every command says when it expired, and what time it is here.',
    help: 'If the time here is right, whoever runs the cluster renews its certificate.',
    codes: ['CERT_HAS_EXPIRED'],
  },
  {
    code: 'CLOCK_WRONG',
    title: "The clock of this machine is behind the API server's certificate",
    looksLike: 'Every command says from when the certificate is valid, and what time it is here.',
    help: 'Set the clock: `timedatectl` shows whether it is synchronized. A laptop or a VM that slept may be behind.',
    codes: ['CERT_NOT_YET_VALID'],
    suggest: () => [advice('Set the clock of this machine, and let it be synchronized')],
  },
];

export const REACH: Cause[] = [
  ...BY_CODE.map(({ codes, ...cause }) =>
    toFailedCause({
      ...cause,
      group: 'reach',
      of: ['CLUSTER_UNREACHABLE'],
      // A proxy's own address may be unknown or refuse, too.
      isOf: (error) => !isOfProxy(error) && codes.includes(findSystemCode(error) ?? ''),
    }),
  ),
  toFailedCause({
    code: 'API_PROXY_REFUSED',
    group: 'reach',
    title: 'The proxy does not let the connection through',
    looksLike: 'Every command says with which status the proxy refuses, or that it does not answer.',
    help: 'Check `proxy-url` of the kubeconfig, HTTPS_PROXY and NO_PROXY; 407 wants a login. Or ask whoever runs what stands before the API server.',
    of: ['CLUSTER_UNREACHABLE'],
    isOf: (error) => isForeignRefusal(error) || (isOfProxy(error) && !isAway(error)),
  }),
  toFailedCause({
    code: 'API_PROXY_AWAY',
    group: 'reach',
    title: 'The proxy cannot be reached',
    looksLike: 'Every command names the proxy, and the variable or the kubeconfig that names it.',
    help: 'Check its address, or do without it: `unset HTTPS_PROXY`, or `proxy-url` of the kubeconfig.',
    of: ['CLUSTER_UNREACHABLE'],
    isOf: (error) => isOfProxy(error) && isAway(error),
  }),
  toFailedCause({
    code: 'API_OVERLOADED',
    group: 'reach',
    title: 'The API server cannot answer now',
    looksLike: 'Every command says that it cannot answer now, with its own words.',
    help: 'Run it again in a moment: `kubectl get --raw /readyz?verbose` shows what it waits for.',
    of: ['CLUSTER_UNREACHABLE'],
    isOf: ({ cause }) => [429, 500, 502, 503, 504].includes(Number((cause as { statusCode?: unknown })?.statusCode)),
  }),
  toFailedCause({
    code: 'STREAM_PROXY',
    group: 'reach',
    title: 'Something on the way to the API server lets no WebSocket through',
    looksLike: '`ws ls` works, and `ws ssh` says with which status the stream to the pod is refused.',
    help: 'Ask whoever runs the proxy to let WebSockets through to the API server, or go around it with NO_PROXY. If it lets SPDY through, kubectl on PATH is enough: `ws` goes that way.',
    of: ['CONNECTION_FAILED'],
    isOf: ({ reason = '' }) => /^HTTP status \d{3}/.test(reason),
    suggest: () => [advice('Let WebSockets through the proxy, or leave the API server out of it with NO_PROXY')],
  }),
];
