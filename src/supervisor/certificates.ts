import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SYSTEM_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

/** What curl, git, Node, Python, pip and OpenSSL's users look at, each under its own name. */
const VARIABLES = [
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'NODE_EXTRA_CA_CERTS',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'UV_SYSTEM_CERTS',
];

/**
 * Joins the system's certificates and the extra ones into one file, and returns the environment that makes programs
 * trust it. With no extra certificates nothing changes.
 */
export function installCertificates(extraFolder: string | undefined, target: string): Record<string, string> {
  if (extraFolder === undefined) return {};
  const extra = readdirSync(extraFolder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => readFileSync(path.join(extraFolder, name), 'utf8'));
  writeFileSync(target, [readFileSync(SYSTEM_BUNDLE, 'utf8'), ...extra].join('\n'), { mode: 0o644 });
  return Object.fromEntries(VARIABLES.map((name) => [name, name === 'UV_SYSTEM_CERTS' ? 'true' : target]));
}
