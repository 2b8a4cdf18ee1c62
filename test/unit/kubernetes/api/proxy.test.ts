/** The cases of golang.org/x/net/http/httpproxy's own tests, and what is ours beside them. */
import { describe, expect, it, test } from 'vitest';
import { findProxy, findProxyVariable } from '../../../../src/adapters/kubernetes/api/proxy/find-proxy.ts';
import { toProxyError } from '../../../../src/adapters/kubernetes/api/proxy/proxy-error.ts';
import { toLines } from '../../../spelling.ts';

const toEnvironment = (http: string, https: string, noProxy: string) => ({
  HTTP_PROXY: http,
  HTTPS_PROXY: https,
  NO_PROXY: noProxy,
});

describe('TestProxyForURL', () => {
  it.each([
    ['127.0.0.1:8080', '', '', 'http://example.com', 'http://127.0.0.1:8080'],
    ['cache.corp.example.com:1234', '', '', 'http://example.com', 'http://cache.corp.example.com:1234'],
    ['cache.corp.example.com', '', '', 'http://example.com', 'http://cache.corp.example.com'],
    ['localhost', '', '', 'http://example.com', 'http://localhost'],
    ['https://cache.corp.example.com', '', '', 'http://example.com', 'https://cache.corp.example.com'],
    ['http://127.0.0.1:8080', '', '', 'http://example.com', 'http://127.0.0.1:8080'],
    ['https://127.0.0.1:8080', '', '', 'http://example.com', 'https://127.0.0.1:8080'],
    ['socks5://127.0.0.1', '', '', 'http://example.com', 'socks5://127.0.0.1'],
    ['foo://host', '', '', 'http://example.com', 'foo://host'],
    ['http.proxy.tld', 'secure.proxy.tld', '', 'http://insecure.tld/', 'http://http.proxy.tld'],
    ['http.proxy.tld', 'secure.proxy.tld', '', 'https://secure.tld/', 'http://secure.proxy.tld'],
    ['http.proxy.tld', 'https://secure.proxy.tld', '', 'https://secure.tld/', 'https://secure.proxy.tld'],
    ['http.proxy.tld', '', '', 'https://secure.tld/', undefined],
    ['', '', '', 'http://example.com', undefined],
    ['proxy', '', 'example.com', 'http://example.com/', undefined],
    ['proxy', '', '.example.com', 'http://example.com/', 'http://proxy'],
    ['proxy', '', 'ample.com', 'http://example.com/', 'http://proxy'],
    ['proxy', '', 'example.com', 'http://foo.example.com/', undefined],
    ['proxy', '', '.foo.com', 'http://example.com/', 'http://proxy'],
    ['proxy', '', '.示例.com', 'http://www.示例.com', undefined],
    ['proxy', '', 'xn--fsq092h.com', 'http://www.示例.com', undefined],
    ['proxy', '', '示例.com', 'http://www.xn--fsq092h.com', undefined],
  ])('http_proxy=%j https_proxy=%j no_proxy=%j %s: %j', (http, https, noProxy, url, expected) => {
    expect(findProxy(new URL(url), toEnvironment(http, https, noProxy))).toBe(expected);
  });

  it('does not use HTTP_PROXY where a web server sets it, and HTTPS_PROXY all the same', () => {
    const environment = { HTTP_PROXY: 'http://10.1.2.3:8080', HTTPS_PROXY: 'https://p', REQUEST_METHOD: 'PUT' };
    expect(() => findProxy(new URL('http://example.com'), environment)).toThrow(
      expect.objectContaining({ code: 'CLUSTER_UNREACHABLE' }),
    );
    expect(findProxy(new URL('https://example.com'), environment)).toBe('https://p');
  });
});

test('capitals go before small letters, and what is empty is not there', () => {
  const environment = { HTTPS_PROXY: 'upper', https_proxy: 'lower', NO_PROXY: 'none.test', no_proxy: '*' };
  expect(findProxy(new URL('https://a.test'), environment)).toBe('http://upper');
  expect(findProxy(new URL('https://a.test'), { HTTPS_PROXY: '', https_proxy: 'lower' })).toBe('http://lower');
});

const USE_PROXY_TESTS: [string, boolean][] = [
  ['localhost', false],
  ['127.0.0.1', false],
  ['127.0.0.2', false],
  ['[::1]', false],
  ['[::2]', true],
  ['192.168.1.1', false],
  ['192.168.1.2', true],
  ['192.168.1.3', false],
  ['192.168.1.4', true],
  ['10.0.0.2', false],
  ['[2001:db8::52:0:1]', false],
  ['[2001:db8::52:0:2]', true],
  ['[2001:db8::52:0:3]', false],
  ['[2002:db8:a::123]', false],
  ['[fe80::424b:c8be:1643:a1b6]', true],
  ['barbaz.net', true],
  ['www.barbaz.net', false],
  ['foobar.com', false],
  ['www.foobar.com', false],
  ['foofoobar.com', true],
  ['baz.com', true],
  ['localhost.net', true],
  ['local.localhost', true],
  ['barbarbaz.net', true],
  ['wildcard.io', true],
  ['nested.wildcard.io', false],
  ['awildcard.io', true],
];
const NO_PROXY =
  'foobar.com, .barbaz.net, *.wildcard.io, 192.168.1.1, 192.168.1.2:81, 192.168.1.3:80, 10.0.0.0/30, 2001:db8::52:0:1, [2001:db8::52:0:2]:443, [2001:db8::52:0:3]:80, 2002:db8:a::45/64';

it.each(USE_PROXY_TESTS)('TestUseProxy: %s by the proxy: %s', (host, match) => {
  const asked = (noProxy: string) => findProxy(new URL(`http://${host}:80`), { HTTP_PROXY: 'p', NO_PROXY: noProxy });
  expect(asked(NO_PROXY) !== undefined).toBe(match);
  // TestAllNoProxy
  expect(asked('*')).toBeUndefined();
  expect(asked('a.test, *')).toBeUndefined();
});

// What net.ParseCIDR and net.SplitHostPort do not take is ignored or a name that nobody has; nothing of it is a crash.
it.each([
  ...[
    ':1',
    '10.0.0.0/99',
    '10.0.0.0/',
    '10.0.0.0/x',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '/8',
    '/',
    '010.0.0.1/8',
    '[10.1.2.3]',
  ],
  ...['::/200', '[::', '::]:1', '*.', '.', '*.*', 'https://10.1.2.3', ',,', '%', '10.1.2.3%eth0', '\0'],
])('NO_PROXY=%j exempts nobody', (noProxy) => {
  for (const url of ['https://10.1.2.3:6443', 'https://[fd00::1]:6443', 'https://api.test'])
    expect(findProxy(new URL(url), { HTTPS_PROXY: 'p', NO_PROXY: noProxy }), url).toBe('http://p');
});

it.each([
  ['https://10.1.2.3:6443', '10.1.2.3:', true],
  ['https://10.1.2.3:6443', '[10.1.2.3]:6443', true],
  ['https://10.1.2.3:6443', '10.1.2.3:443', false],
  ['https://10.1.2.3', '10.1.2.3:443', true],
  ['https://[::ffff:10.1.2.3]', '10.0.0.0/8', true],
  ['https://[::ffff:127.0.0.1]', '', true],
  ['https://10.1.2.3', '0.0.0.0/0', true],
  ['https://api.test', '0.0.0.0/0', false],
  ['https://API.test', 'api.TEST', true],
  ['https://api.test:6443', 'api.test:6443', true],
  ['https://api.test:6443', 'api.test:443', false],
])('%s with NO_PROXY=%s is exempt: %s', (server, noProxy, exempt) => {
  expect(findProxy(new URL(server), { HTTPS_PROXY: 'p', NO_PROXY: noProxy }) === undefined).toBe(exempt);
});

it.each(['http://[', '://', ':::'])('a proxy that is no address (%j) is none', (proxy) => {
  expect(findProxy(new URL('https://a.test'), { HTTPS_PROXY: proxy })).toBeUndefined();
});

it.each([
  [{ HTTPS_PROXY: 'p' }, 'HTTPS_PROXY'],
  [{ https_proxy: 'p' }, 'https_proxy'],
  [{ HTTPS_PROXY: 'p', https_proxy: 'q' }, 'HTTPS_PROXY'],
])('%o is said by %s', (environment, variable) => {
  expect(findProxyVariable(new URL('https://a.test'), environment)).toBe(variable);
});

it('a proxy that is not there is named with its variable, without its password', () => {
  const proxy = { url: 'http://me:secret@127.0.0.1:1', variable: 'HTTPS_PROXY' };
  const cause = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
  const error = toProxyError(proxy, new URL('https://a.test'), cause);
  expect(error.message).toBe('The proxy 127.0.0.1:1 (HTTPS_PROXY) cannot be reached');
  expect(toLines(error.suggestions)).toEqual(['unset HTTPS_PROXY', 'ws doctor']);
});
