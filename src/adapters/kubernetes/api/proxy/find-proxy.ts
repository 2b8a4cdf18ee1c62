/**
 * HTTPS_PROXY, HTTP_PROXY and NO_PROXY as Go reads them (golang.org/x/net/http/httpproxy), so that `ws` goes where
 * kubectl goes. What cannot be read there is ignored here as well.
 */

import { BlockList, isIP, isIPv4 } from 'node:net';
import { domainToASCII } from 'node:url';
import { failure } from '../../../../workspace/errors/errors.ts';
import { run } from '../../../../workspace/errors/suggestion.ts';
import type { Environment } from '../../kubeconfig/kubeconfig-files.ts';

/**
 * The proxy for a server, or undefined for a direct connection. Throws `CLUSTER_UNREACHABLE` for one that must not be
 * used.
 */
export function findProxy(server: URL, environment: Environment): string | undefined {
  const name = toVariable(server);
  const proxy = toProxy(read(name, environment));
  if (proxy === undefined) return undefined;
  if (name === 'HTTP_PROXY' && environment['REQUEST_METHOD']) {
    throw failure('CLUSTER_UNREACHABLE', {
      message: `The API server ${server.host} cannot be reached`,
      reason:
        'HTTP_PROXY is not used where REQUEST_METHOD is set: a web server lets strangers set it (https://go.dev/s/cgihttpproxy)',
      suggestions: [run('unset')`REQUEST_METHOD`],
    });
  }
  return isExempt(server, read('NO_PROXY', environment) ?? '') ? undefined : proxy;
}

/** The variable that says what `findProxy` finds, as it is written in this environment. */
export function findProxyVariable(server: URL, environment: Environment): string {
  const name = toVariable(server);
  return environment[name] ? name : name.toLowerCase();
}

function toVariable(server: URL): 'HTTPS_PROXY' | 'HTTP_PROXY' {
  return server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
}

/**
 * Capitals first, as in the copy within Go's net/http, which kubectl is built with; newer ones of x/net do the
 * opposite.
 */
function read(name: string, environment: Environment): string | undefined {
  return environment[name] || environment[name.toLowerCase()] || undefined;
}

/** An address without a scheme is one of http. */
function toProxy(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const proxy = value.includes('://') ? value : `http://${value}`;
  return URL.canParse(proxy) ? proxy : undefined;
}

function isExempt(server: URL, noProxy: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || LOOPBACK.some((network) => isWithin(network, host))) return true;
  const entries = noProxy.split(',').map((entry) => entry.trim().toLowerCase());
  return entries.includes('*') || entries.some((entry) => matches(entry, host, port));
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

function matches(entry: string, host: string, port: string): boolean {
  if (isNetwork(entry)) return isWithin(entry, host);
  const [name, wantedPort] = splitPort(entry);
  if (name === '') return false;
  const isRightPort = wantedPort === '' || wantedPort === port;
  if (isIP(name) !== 0) return isRightPort && isWithin(`${name}/${isIPv4(name) ? 32 : 128}`, host);
  if (isIP(host) !== 0) return false;
  return isRightPort && matchesName(name.replace(/^\*(?=\.)/, ''), host);
}

/** `example.com` also means its subdomains, `.example.com` and `*.example.com` those alone. */
function matchesName(name: string, host: string): boolean {
  const suffix = name.startsWith('.') ? name : `.${name}`;
  const ascii = /^[\x00-\x7f]*$/.test(suffix) ? suffix : `.${domainToASCII(suffix.slice(1))}`;
  return host.endsWith(ascii) || (!name.startsWith('.') && host === ascii.slice(1));
}

/** As Go's net.SplitHostPort: an IPv6 address has a port only in brackets. What is neither is a name as it stands. */
function splitPort(entry: string): [name: string, port: string] {
  const [, bracketed, plain = '', port = ''] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(entry) ?? [];
  if (bracketed === undefined && plain === '' && !/^:[^:]*$/.test(entry)) return [entry, ''];
  return [bracketed ?? plain, port];
}

/** As Go's net.ParseCIDR: 10.0.0.0/99, /x and / are none. */
function isNetwork(entry: string): boolean {
  const [address = '', bits = '', ...rest] = entry.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= longest;
}

/** An IPv4 address in IPv6's form is that IPv4 address. */
function isWithin(network: string, host: string): boolean {
  const family = isIP(host);
  const [address = '', bits = ''] = network.split('/');
  if (family === 0) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
