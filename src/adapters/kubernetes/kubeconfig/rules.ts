/**
 * When client-go takes a cluster and a user for usable (`validateClusterInfo` and `validateAuthInfo` in
 * k8s.io/client-go/tools/clientcmd/validation.go, `TLSConfigFor` and `HTTPWrappersForConfig` in its transport, and the
 * credential plugins' `newAuthenticator`). All of it is known before the first connection.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { toPathReason } from '../../../workspace/errors/foreign/to-reason.ts';
import type { ClusterEntry, ExecEntry, UserEntry } from './entries.ts';

/** A sentence for each thing that kubectl would refuse as well; none when the two can be used. */
export function listFaults(cluster: ClusterEntry, user: UserEntry): string[] {
  return [...listClusterFaults(cluster), ...listUserFaults(user)];
}

function listClusterFaults(cluster: ClusterEntry): string[] {
  const { caData, caFile, proxyUrl } = cluster;
  const faults: (string | undefined)[] = [findServerFault(cluster)];
  if (proxyUrl !== undefined && !/^(https?|socks5):$/.test(findScheme(proxyUrl) ?? ''))
    faults.push(`the proxy-url of ${quote(cluster)} does not begin with http://, https:// or socks5://`);
  if (caData !== undefined && caFile !== undefined)
    faults.push(`${quote(cluster)} has certificate-authority-data and certificate-authority, and can have one`);
  if ((caData ?? caFile) !== undefined) faults.push(...listAuthorityFaults(cluster));
  return faults.filter((fault) => fault !== undefined);
}

function findServerFault(cluster: ClusterEntry): string | undefined {
  if (cluster.server === '') return `${quote(cluster)} has no server`;
  const scheme = findScheme(cluster.server);
  if (scheme === undefined) return `${quote(cluster)} has the server "${cluster.server}", which is no URL`;
  if (scheme !== 'https:' && scheme !== 'http:')
    return `${quote(cluster)} has the server "${cluster.server}", which begins neither with https:// nor with http://`;
  return undefined;
}

function listAuthorityFaults(cluster: ClusterEntry): string[] {
  const { caData, caFile, skipTLSVerify } = cluster;
  // Without TLS nothing of this is looked at.
  if (findScheme(cluster.server) === 'https:' && skipTLSVerify)
    return [
      `${quote(cluster)} has a certificate authority and insecure-skip-tls-verify, which says not to look at it; take one of them out`,
    ];
  try {
    const pem = caData === undefined ? readFileSync(caFile ?? '') : Buffer.from(caData, 'base64');
    return hasCertificate(pem) ? [] : [`the certificate authority of ${quote(cluster)} holds no certificate`];
  } catch (error) {
    return [`the certificate authority of ${quote(cluster)} cannot be read: ${toPathReason(error)}`];
  }
}

/** The first certificate tells: it is parsed only to see whether it is one. */
function hasCertificate(pem: Buffer): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function listUserFaults(user: UserEntry): string[] {
  const { token, tokenFile, username, password } = user;
  const faults: string[] = [];
  const hasToken = (token ?? tokenFile) !== undefined;
  if (hasToken && (username ?? password) !== undefined)
    faults.push(`user "${user.name}" has a token and a username or password, and can have one of them`);
  if ((user.certData ?? user.certFile) !== undefined) faults.push(...listCertificateFaults(user));
  if (user.exec !== undefined) faults.push(...listExecFaults(user.exec, user));
  const others = [user.impersonateUid, ...user.impersonateGroups, ...Object.keys(user.impersonateExtra)];
  if (user.impersonateUser === undefined && others.some((other) => other !== undefined))
    faults.push(`user "${user.name}" has as-uid, as-groups or as-user-extra, and no "as"`);
  return faults;
}

function listCertificateFaults(user: UserEntry): string[] {
  const faults: string[] = [];
  if (user.certData !== undefined && user.certFile !== undefined)
    faults.push(`user "${user.name}" has client-certificate-data and client-certificate, and can have one`);
  if (user.keyData !== undefined && user.keyFile !== undefined)
    faults.push(`user "${user.name}" has client-key-data and client-key, and can have one`);
  if ((user.keyData ?? user.keyFile) === undefined)
    faults.push(`user "${user.name}" has a client certificate and no client-key`);
  for (const file of [user.certFile, user.keyFile]) {
    if (file === undefined) continue;
    try {
      readFileSync(file);
    } catch (error) {
      faults.push(`a file of user "${user.name}" cannot be read: ${toPathReason(error)}`);
    }
  }
  return faults;
}

const EXEC_VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

function listExecFaults(exec: ExecEntry, user: UserEntry): string[] {
  const whose = `the credential plugin (exec) of user "${user.name}"`;
  const faults: string[] = [];
  if (user.authProvider !== undefined) faults.push(`user "${user.name}" has exec and auth-provider, and can have one`);
  if (exec.command === '') faults.push(`${whose} has no command`);
  if (exec.apiVersion === '') faults.push(`${whose} has no apiVersion`);
  else if (!EXEC_VERSIONS.includes(exec.apiVersion))
    faults.push(`${whose} has the apiVersion "${exec.apiVersion}" and not ${EXEC_VERSIONS.join(' or ')}`);
  if (exec.env.some(({ name }) => name === '')) faults.push(`${whose} has an env entry without a name`);
  if (exec.interactiveMode === '') faults.push(`${whose} has no interactiveMode, which this apiVersion requires`);
  else if (!['Never', 'IfAvailable', 'Always'].includes(exec.interactiveMode))
    faults.push(`${whose} has the interactiveMode "${exec.interactiveMode}" and not Never, IfAvailable or Always`);
  return faults;
}

/** `https:`, say; undefined when it is no URL. */
function findScheme(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).protocol : undefined;
}

function quote({ name }: ClusterEntry): string {
  return `cluster "${name}"`;
}
