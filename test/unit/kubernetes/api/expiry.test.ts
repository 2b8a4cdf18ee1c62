import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findExpired } from '../../../../src/adapters/kubernetes/credentials/expiry.ts';

const AT_MS = Date.UTC(2026, 10, 28, 20, 30);

function bearer(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `Bearer ${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
}

test.each<[string, object, number, string | undefined]>([
  ['is over', { exp: AT_MS / 1000 }, AT_MS + 1000, 'its token expired at 2026-11-28T20:30:00Z'],
  ['is not over', { exp: AT_MS / 1000 }, AT_MS - 1000, undefined],
  ['says nothing of it', { sub: 'me' }, AT_MS, undefined],
])('a token that %s', (_how, claims, nowMs, words) => {
  expect(findExpired(bearer(claims), undefined, nowMs)?.words).toBe(words);
});

test.each([undefined, 'Bearer opaque', 'Basic YTpi', 'Bearer a.b.c'])(
  'what is no JWT tells nothing: %j',
  (authorization) => expect(findExpired(authorization, 'no certificate', AT_MS)).toBeUndefined(),
);

test('a certificate that is over', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ws-expiry-'));
  try {
    const file = path.join(folder, 'cert.pem');
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', '/dev/null'];
    execFileSync('openssl', ['req', '-x509', ...key, '-out', file, '-days', '1', '-subj', '/CN=me'], {
      stdio: 'ignore',
    });
    const certificate = readFileSync(file);
    expect(findExpired(undefined, certificate, Date.now())).toBeUndefined();
    const later = findExpired(undefined, certificate, Date.now() + 2 * 86_400_000);
    expect(later).toMatchObject({ code: 'CLIENT_CERTIFICATE_EXPIRED', words: expect.stringMatching(/expired at 20/) });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
