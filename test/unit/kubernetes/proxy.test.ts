import { expect, test } from 'vitest';
import { findProxy } from '../../../src/adapters/kubernetes/proxy.ts';

const SERVER = new URL('https://api.example.com:6443');
const PROXY = 'http://proxy:3128';

test('HTTPS_PROXY is for https alone, in either case of letters, with or without a scheme', () => {
  expect(findProxy(SERVER, { HTTPS_PROXY: PROXY })).toBe(PROXY);
  expect(findProxy(SERVER, { https_proxy: 'proxy:3128' })).toBe(PROXY);
  expect(findProxy(SERVER, { HTTP_PROXY: PROXY })).toBeUndefined();
  expect(findProxy(new URL('http://api.example.com'), { HTTP_PROXY: PROXY })).toBe(PROXY);
});

test.each([
  ['*', true],
  ['example.com', true],
  ['.example.com', true],
  ['*.example.com', true],
  ['api.example.com', true],
  ['api.example.com:6443', true],
  ['api.example.com:443', false],
  ['other.com, example.com ', true],
  ['ample.com', false],
  ['', false],
])('NO_PROXY=%s exempts api.example.com: %s', (noProxy, exempt) => {
  const found = findProxy(SERVER, { HTTPS_PROXY: PROXY, NO_PROXY: noProxy });
  expect(found === undefined).toBe(exempt);
});

test.each([
  ['https://10.1.2.3:6443', '10.0.0.0/8', true],
  ['https://10.1.2.3:6443', '192.168.0.0/16', false],
  ['https://10.1.2.3', '10.1.2.3', true],
  ['https://[fd00::1]:6443', 'fd00::/8', true],
  ['https://[fd00::1]:6443', 'fd00::1', true],
  ['https://[fd00::1]:6443', 'fd00::2', false],
])('%s with NO_PROXY=%s is exempt: %s', (server, noProxy, exempt) => {
  expect(findProxy(new URL(server), { HTTPS_PROXY: PROXY, NO_PROXY: noProxy }) === undefined).toBe(exempt);
});

test.each(['https://localhost:6443', 'https://127.0.0.1:6443', 'https://[::1]:6443'])('%s needs no proxy', (server) => {
  expect(findProxy(new URL(server), { HTTPS_PROXY: PROXY })).toBeUndefined();
});
