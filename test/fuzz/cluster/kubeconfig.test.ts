import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect } from 'vitest';
import { findProxy } from '../../../src/adapters/kubernetes/api/proxy/find-proxy.ts';
import { toStatus } from '../../../src/adapters/kubernetes/api/rest.ts';
import { toAddressId, toTlsOptions, toTrust } from '../../../src/adapters/kubernetes/api/trust.ts';
import { parseCredential } from '../../../src/adapters/kubernetes/credentials/exec-credential.ts';
import { needsPlugin, toHeaders } from '../../../src/adapters/kubernetes/credentials/headers.ts';
import type { ExecEntry } from '../../../src/adapters/kubernetes/kubeconfig/entries.ts';
import { loadAccess } from '../../../src/adapters/kubernetes/kubeconfig/load-access.ts';
import { WorkspaceError } from '../../../src/workspace/errors/errors.ts';
import { AUTHORITY } from '../../unit/kubernetes/kubeconfig/authority.ts';
import { hostileText, property } from '../property.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ws-fuzz-kubeconfig-'));
const kubeconfig = path.join(folder, 'config');
const CA = Buffer.from(AUTHORITY).toString('base64');
afterAll(() => rmSync(folder, { recursive: true }));

/** What may stand where anything else is expected. */
const value = fc.oneof(hostileText, fc.anything({ maxDepth: 1, withNullPrototype: false }).filter(isPlain));

const fields = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model);

/** One in three has a field that does not fit. */
const spoilt = (whole: fc.Arbitrary<object>, names: string[]) =>
  fc.oneof(
    { weight: 2, arbitrary: whole },
    {
      weight: 1,
      arbitrary: fc
        .tuple(whole, fc.constantFrom(...names), value)
        .map(([map, name, other]) => ({ ...map, [name]: other })),
    },
  );

const merged = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as object);

const exec = fields({
  command: fc.constantFrom('p', './p', '/bin/p'),
  args: fc.array(hostileText, { maxLength: 2 }),
  env: fc.array(fc.record({ name: hostileText, value: hostileText }), { maxLength: 2 }),
  apiVersion: fc.constantFrom('client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'),
  interactiveMode: fc.constantFrom('Never', 'IfAvailable', 'Always'),
  provideClusterInfo: fc.boolean(),
});
const login = fc.oneof(
  fields({ token: hostileText }),
  fields({ tokenFile: fc.constant('tok') }),
  fields({ username: hostileText, password: hostileText }),
  fields({ 'client-certificate-data': fc.base64String(), 'client-key-data': fc.base64String() }),
  fields({ exec }),
);
const impersonation = fc.oneof(
  fc.constant({}),
  fields({
    as: hostileText,
    'as-uid': hostileText,
    'as-groups': fc.array(hostileText, { maxLength: 2 }),
    'as-user-extra': fc.dictionary(hostileText, fc.array(hostileText, { maxLength: 2 }), { maxKeys: 2 }),
  }),
);
const user = spoilt(merged(login, impersonation), [
  'token',
  'tokenFile',
  'username',
  'exec',
  'as',
  'as-groups',
  'client-key',
]);
const cluster = spoilt(
  merged(
    fields({
      server: fc.constantFrom('https://api.test:6443', 'http://127.0.0.1:8001', 'https://[::1]:6443', 'https://a/b'),
      'proxy-url': fc.constantFrom('', 'http://p', 'socks5://p'),
    }),
    fc.oneof(
      fc.constant({}),
      fields({ 'insecure-skip-tls-verify': fc.constant(true) }),
      fields({ 'certificate-authority-data': fc.constant(CA), 'tls-server-name': hostileText }),
    ),
  ),
  [
    'server',
    'insecure-skip-tls-verify',
    'certificate-authority-data',
    'certificate-authority',
    'proxy-url',
    'extensions',
  ],
);

function isPlain(any: unknown): boolean {
  return any === null || ['string', 'number', 'boolean', 'object'].includes(typeof any);
}

property(
  'a kubeconfig is used as it can be meant, or refused in words; no header gets a line end',
  fc.record({ cluster, user, namespace: value }),
  ({ cluster: body, user: who, namespace }) => {
    // JSON is YAML.
    const text = JSON.stringify({
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: body }],
      users: [{ name: 'c', user: who }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'c', namespace } }],
    });
    writeFileSync(kubeconfig, text);
    try {
      const access = loadAccess({ kubeconfig, environment: {} });
      const isEncrypted = access.cluster.server.startsWith('https:');
      const headers = toHeaders(access.user, undefined, isEncrypted);
      for (const [name, values] of Object.entries(headers)) {
        expect(name).toMatch(/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/);
        for (const line of [values].flat()) expect(line).not.toMatch(/[^\t\x20-\x7e\x80-\xff]/);
      }
      if (!isEncrypted) expect(headers).not.toHaveProperty('Authorization');
      const trust = toTrust(access);
      expect(toTlsOptions(access, undefined).rejectUnauthorized).toBe(!access.cluster.skipTLSVerify);
      if (access.cluster.skipTLSVerify) expect(trust.kind).toBe('none');
      expect(toAddressId(access)).toMatch(/^at-[0-9a-f]{32}$/);
      expect(typeof needsPlugin(access.user)).toBe('boolean');
      expect(() => findProxy(new URL(access.cluster.server), { HTTPS_PROXY: 'p' })).not.toThrow();
    } catch (error) {
      if (!(error instanceof WorkspaceError)) throw error;
      expect(['KUBECONFIG_INVALID', 'CONTEXT_UNKNOWN']).toContain(error.code);
    }
  },
  // Each reads a file and certificates.
  Number(process.env['WS_FUZZ_RUNS'] ?? 150),
);

property('NO_PROXY is never a crash, and a wildcard means everybody', hostileText, (noProxy) => {
  for (const address of ['https://10.1.2.3:6443', 'https://[fd00::1]', 'https://api.test']) {
    const found = findProxy(new URL(address), { HTTPS_PROXY: 'p', NO_PROXY: noProxy });
    expect(found === undefined || found === 'http://p').toBe(true);
    expect(findProxy(new URL(address), { HTTPS_PROXY: 'p', NO_PROXY: `${noProxy},*` })).toBeUndefined();
  }
});

property('a proxy is an address, or none', hostileText, (proxy) => {
  const found = findProxy(new URL('https://api.test'), { HTTPS_PROXY: proxy });
  if (found !== undefined) expect(URL.canParse(found)).toBe(true);
});

const EXEC = { command: 'p', apiVersion: 'client.authentication.k8s.io/v1' } as ExecEntry;

property(
  'a plugin’s answer is a credential, or refused in words',
  fc.oneof(
    hostileText,
    fc
      .record({
        kind: fc.constantFrom('ExecCredential', 'List'),
        apiVersion: fc.constantFrom(EXEC.apiVersion, 'v1'),
        status: fc.oneof(
          fc.record(
            {
              token: hostileText,
              clientCertificateData: hostileText,
              clientKeyData: hostileText,
              expirationTimestamp: fc.constantFrom('2026-06-01T12:00:00Z', 'soon'),
            },
            { requiredKeys: [] },
          ),
          value,
        ),
      })
      .map((document) => JSON.stringify(document)),
  ),
  (output) => {
    try {
      const { token, certificate, key, expiresAtMs } = parseCredential(output, EXEC);
      expect(token ?? certificate).toBeTypeOf('string');
      expect(typeof certificate).toBe(typeof key);
      expect(Number.isNaN(expiresAtMs)).toBe(false);
    } catch (error) {
      expect(error).toMatchObject({ code: 'CREDENTIALS_REJECTED' });
    }
  },
);

property(
  'a refusal has a status of the right types, whatever a server or a proxy says',
  fc.tuple(fc.oneof(hostileText, fc.json()), fc.option(hostileText, { nil: undefined })),
  ([text, retryAfter]) => {
    const { message, details } = toStatus(text, retryAfter);
    expect(['string', 'undefined']).toContain(typeof message);
    const seconds = details?.retryAfterSeconds;
    if (retryAfter !== undefined && seconds !== undefined) expect(Number.isFinite(seconds)).toBe(true);
  },
);
