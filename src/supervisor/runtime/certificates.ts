import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RuntimeFolder } from './runtime-folder.ts';

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

const BUNDLE_NAME = 'ca-certificates.crt';

/**
 * Joins the system's certificates and the extra ones into one file, and returns the environment that makes programs
 * trust it. With no extra certificates nothing changes. Rejects when they cannot be read or written.
 */
export async function installCertificates(
  extraFolder: string | undefined,
  folder: RuntimeFolder,
): Promise<Record<string, string>> {
  if (extraFolder === undefined) return {};
  const names = (await readdir(extraFolder)).filter((name) => !name.startsWith('.'));
  const extra = await Promise.all(names.map((name) => readFile(path.join(extraFolder, name), 'utf8')));
  const bundle = [await readFile(SYSTEM_BUNDLE, 'utf8'), ...extra].join('\n');
  const target = await folder.place(BUNDLE_NAME, bundle, 0o644, true);
  return Object.fromEntries(VARIABLES.map((name) => [name, name === 'UV_SYSTEM_CERTS' ? 'true' : target]));
}
