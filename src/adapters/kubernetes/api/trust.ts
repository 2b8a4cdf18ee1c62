/** Whom a connection to the API server trusts: what the kubeconfig names, and nobody else. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type https from 'node:https';
import { isIP } from 'node:net';
import tls from 'node:tls';
import type { ApiTrust } from '../../../workspace/api-trust.ts';
import { failure } from '../../../workspace/errors/errors.ts';
import { toPathReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { kubectl } from '../../../workspace/errors/suggestion.ts';
import type { PluginCredential } from '../credentials/exec-credential.ts';
import { needsPlugin } from '../credentials/headers.ts';
import type { Access } from '../kubeconfig/load-access.ts';

/**
 * TLS as client-go sets it up. What would make it weaker from outside (NODE_TLS_REJECT_UNAUTHORIZED) has no say. Throws
 * `KUBECONFIG_INVALID` for a file that cannot be read.
 */
export function toTlsOptions(access: Access, credential: PluginCredential | undefined): https.AgentOptions {
  const { cluster, user } = access;
  const decode = (data: string | undefined) => (data === undefined ? undefined : Buffer.from(data, 'base64'));
  const read = (file: string | undefined) => (file === undefined ? undefined : readFiles(() => readFileSync(file)));
  const options: https.AgentOptions = { minVersion: 'TLSv1.2', rejectUnauthorized: !cluster.skipTLSVerify };
  const ca = readAuthority(access) ?? findSystemAuthorities();
  const given = needsPlugin(user) ? credential : undefined;
  const cert = decode(user.certData) ?? read(user.certFile) ?? given?.certificate;
  const key = decode(user.keyData) ?? read(user.keyFile) ?? given?.key;
  if (ca !== undefined) options.ca = ca;
  if (cert !== undefined) options.cert = cert;
  if (key !== undefined) options.key = key;
  if (cluster.tlsServerName !== undefined) Object.assign(options, toNameOptions(cluster.tlsServerName));
  return options;
}

/** An address may stand for a name. TLS asks for no address, and Node refuses to, but a certificate may be for one. */
function toNameOptions(name: string): Pick<https.AgentOptions, 'servername' | 'checkServerIdentity'> {
  const address = name.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) === 0) return { servername: name };
  return { servername: '', checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(address, certificate) };
}

/** What a person may want to know of it. */
export function toTrust({ cluster }: Access): ApiTrust {
  if (!cluster.server.startsWith('https:')) return { kind: 'none', reason: 'no-tls' };
  if (cluster.skipTLSVerify) return { kind: 'none', reason: 'skipped' };
  const serverName = cluster.tlsServerName;
  if (cluster.caData !== undefined) return { kind: 'authority', from: 'the kubeconfig', serverName };
  if (cluster.caFile !== undefined) return { kind: 'authority', from: cluster.caFile, serverName };
  return { kind: 'system', serverName };
}

/**
 * Names a cluster of which nothing may be read: by its address together with whom the kubeconfig trusts to be there.
 * Two clusters at 127.0.0.1:6443 have two authorities.
 */
export function toAddressId(access: Access): string {
  const { server, tlsServerName, skipTLSVerify } = access.cluster;
  const parts = [new URL(server).host, tlsServerName ?? '', skipTLSVerify ? 'unverified' : ''];
  const hash = createHash('sha256')
    .update(JSON.stringify(parts))
    .update(readAuthority(access) ?? '');
  return `at-${hash.digest('hex').slice(0, 32)}`;
}

function readAuthority({ cluster: { caData, caFile } }: Access): Buffer | undefined {
  if (caData !== undefined) return Buffer.from(caData, 'base64');
  return caFile === undefined ? undefined : readFiles(() => readFileSync(caFile));
}

/**
 * The authorities that the system trusts, as for kubectl, where this Node can tell them (22.15 and newer); undefined
 * for Node's own list.
 */
function findSystemAuthorities(): string[] | undefined {
  const list: typeof tls.getCACertificates | undefined = tls.getCACertificates;
  const found = list?.('system') ?? [];
  return found.length > 0 ? found : undefined;
}

/** Files that the kubeconfig names. Throws `KUBECONFIG_INVALID`. */
export function readFiles<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw failure('KUBECONFIG_INVALID', {
      message: 'A file that the kubeconfig names cannot be read',
      reason: toPathReason(cause),
      suggestions: [kubectl`config view`],
      cause,
    });
  }
}
