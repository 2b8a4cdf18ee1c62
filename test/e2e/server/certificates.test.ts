/** A site whose certificate only the company's own authority vouches for, as behind a proxy that re-signs TLS. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Release } from '../operator/release.ts';
import { Stage } from '../support/stage.ts';

const SITE = 'https://localhost:8443';

let stage: Stage;
let release: Release;

beforeAll(async () => {
  stage = new Stage('certificates');
  release = stage.release('ws-trust');
  const authority = makeAuthority(release.folder);
  await release.apply({ extraCaCertificates: { pem: readFileSync(authority, 'utf8') } });
  const site = readFileSync(path.join(release.folder, 'site.pem'), 'utf8');
  expect(release.ssh('cat > site.pem', { input: site }).status).toBe(0);
  stage.keep(release.open([release.address, SERVE]));
  expect(
    release.ssh(`for i in $(seq 50); do curl -ks ${SITE} > out && break; sleep 0.2; done; grep -c hello out`),
  ).toMatchObject({
    stdout: '1\n',
  });
});
afterAll(() => stage?.[Symbol.dispose]());

it('Q2N5-TOOLS: git, curl, node and python trust the certificates of the values', () => {
  const fetchers = {
    curl: `curl -fsS ${SITE}/hello`,
    git: `git ls-remote -q ${SITE}/repo.git | grep -q refs/heads && echo hello`,
    node: `node -e 'fetch("${SITE}/hello").then((r) => r.text()).then((t) => process.stdout.write(t))'`,
    python: `python3 -c 'import urllib.request as r; print(r.urlopen("${SITE}/hello").read().decode(), end="")'`,
  };
  for (const [tool, command] of Object.entries(fetchers))
    expect({ tool, ...release.ssh(command) }).toMatchObject({ tool, status: 0, stdout: 'hello\n' });
});

it('Q2N5-TOOLS: what the system trusts stays trusted, and what nobody vouches for does not', () => {
  const count = 'grep -c "BEGIN CERTIFICATE"';
  const [joined, own] = release
    .ssh(`${count} "$SSL_CERT_FILE"; ${count} /etc/ssl/certs/ca-certificates.crt`)
    .stdout.trim()
    .split('\n')
    .map(Number);
  expect(joined).toBe((own ?? 0) + 1);
  // 60: the certificate cannot be authenticated.
  expect(release.ssh(`env -u SSL_CERT_FILE -u CURL_CA_BUNDLE curl -fsS ${SITE}/hello`).status).toBe(60);
});

/** Serves a file and a repository; git's simple protocol needs no more than files. */
const SERVE = [
  'mkdir -p www && cd www && echo hello > hello',
  'git init -q -b main ../src && git -C ../src -c user.name=t -c user.email=t@t commit -q --allow-empty -m one',
  'git clone -q --bare ../src repo.git && git -C repo.git update-server-info',
  `exec python3 -c '
import http.server, ssl
server = http.server.ThreadingHTTPServer(("localhost", 8443), http.server.SimpleHTTPRequestHandler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("../site.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()'`,
].join(' && ');

/**
 * Makes an authority, and in `site.pem` a key with a certificate of it for localhost. Returns the authority's
 * certificate.
 */
function makeAuthority(folder: string): string {
  const at = (name: string) => path.join(folder, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const fresh = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    ...fresh,
    '-x509',
    '-days',
    '2',
    '-addext',
    'keyUsage=critical,keyCertSign',
    '-subj',
    '/CN=company',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
  );
  openssl(...fresh, '-subj', '/CN=localhost', '-keyout', at('site.key'), '-out', at('site.csr'));
  // As RFC 5280 wants them: Python has refused less since 3.13.
  const extensions = ['authorityKeyIdentifier=keyid', 'subjectKeyIdentifier=hash', 'subjectAltName=DNS:localhost'];
  writeFileSync(at('extensions'), extensions.join('\n'));
  const signer = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('extensions')];
  openssl('x509', '-req', '-days', '2', '-in', at('site.csr'), ...signer, '-out', at('site.crt'));
  writeFileSync(at('site.pem'), readFileSync(at('site.key'), 'utf8') + readFileSync(at('site.crt'), 'utf8'));
  return at('ca.pem');
}
