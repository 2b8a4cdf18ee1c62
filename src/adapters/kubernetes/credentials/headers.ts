/** The headers with which a request says who asks, in client-go's order of precedence. */

import { readFileSync } from 'node:fs';
import { failure } from '../../../workspace/errors/errors.ts';
import { toPathReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { kubectl } from '../../../workspace/errors/suggestion.ts';
import type { UserEntry } from '../kubeconfig/entries.ts';
import type { PluginCredential } from './exec-credential.ts';
import { readExpiry } from './expiry.ts';

export type Headers = Record<string, string | string[]>;

/**
 * Whether the credential plugin has a say: a token, a password or a certificate in the kubeconfig goes before it
 * (`UpdateTransportConfig` of client-go's exec authenticator).
 */
export function needsPlugin(user: UserEntry): boolean {
  const { token, tokenFile, username, certData, certFile, keyData, keyFile } = user;
  const hasCertificate = (certData ?? certFile) !== undefined && (keyData ?? keyFile) !== undefined;
  return user.exec !== undefined && (token ?? tokenFile ?? username) === undefined && !hasCertificate;
}

/** Throws `KUBECONFIG_INVALID` for a token file that cannot be read, and for what cannot stand in a header. */
export function toHeaders(user: UserEntry, credential: PluginCredential | undefined, isEncrypted: boolean): Headers {
  return { ...(isEncrypted ? toAuthorization(user, credential) : {}), ...toImpersonation(user) };
}

function toAuthorization(user: UserEntry, credential: PluginCredential | undefined): Headers {
  const token = findToken(user) ?? credential?.token;
  if (token !== undefined) return { Authorization: toHeaderValue(`Bearer ${token}`, 'token') };
  if (user.username !== undefined) {
    const pair = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
    return { Authorization: `Basic ${pair}` };
  }
  if (user.authProvider === undefined) return {};
  return { Authorization: toHeaderValue(`Bearer ${getIdToken(user.authProvider)}`, 'id-token') };
}

/** client-go takes a token for expired so much earlier. */
const EXPIRY_LEEWAY_MS = 10_000;

/**
 * The token of an `auth-provider`, of which kubectl still knows OIDC. kubectl alone renews it, since it writes the new
 * ones into the kubeconfig: if `ws` renewed it for itself, kubectl would be left with a refresh token that is used up.
 */
function getIdToken({ name, config }: NonNullable<UserEntry['authProvider']>): string {
  const token = config['id-token'];
  if (name !== 'oidc') throw noToken(name, 'kubectl no longer knows it: a credential plugin has taken its place');
  if (typeof token !== 'string' || token === '') throw noToken(name, 'there is no id-token yet');
  if (readExpiry(token) < Date.now() + EXPIRY_LEEWAY_MS) throw noToken(name, 'its id-token has expired');
  return token;
}

function noToken(name: string, reason: string) {
  return failure('CREDENTIALS_REJECTED', {
    message: `The kubeconfig's auth provider ${name} gave no credential`,
    reason,
    suggestions: [kubectl`auth whoami`],
  });
}

/** The file counts before the token beside it. While the file cannot be read, the token has to do. */
function findToken({ token, tokenFile }: UserEntry): string | undefined {
  if (tokenFile === undefined) return token;
  try {
    const text = readFileSync(tokenFile, 'utf8').trim();
    if (text !== '') return text;
    throw new Error(`${tokenFile} is empty`);
  } catch (cause) {
    if (token !== undefined) return token;
    throw unusable('A file that the kubeconfig names cannot be read', toPathReason(cause), cause);
  }
}

function toImpersonation(user: UserEntry): Headers {
  const { impersonateUser, impersonateUid, impersonateGroups, impersonateExtra } = user;
  if (impersonateUser === undefined) return {};
  const headers: Headers = { 'Impersonate-User': toHeaderValue(impersonateUser, 'as') };
  if (impersonateUid !== undefined) headers['Impersonate-Uid'] = toHeaderValue(impersonateUid, 'as-uid');
  if (impersonateGroups.length > 0)
    headers['Impersonate-Group'] = impersonateGroups.map((group) => toHeaderValue(group, 'as-groups'));
  for (const [key, values] of Object.entries(impersonateExtra)) {
    if (values.length === 0) continue;
    headers[`Impersonate-Extra-${escapeKey(key)}`] = values.map((value) => toHeaderValue(value, 'as-user-extra'));
  }
  return headers;
}

/** As client-go's `headerKeyEscape`: what RFC 7230 does not take in a name, and %, by percent. */
function escapeKey(key: string): string {
  return [...Buffer.from(key)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9!#$&'*+\-.^_`|~]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

/**
 * Bytes of UTF-8, as Go sends them. No control characters: the server would take a line end for the end of the header.
 */
function toHeaderValue(text: string, field: string): string {
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(text))
    throw unusable(
      'The kubeconfig cannot be used',
      `the user's ${field} holds a line end or another control character`,
    );
  return Buffer.from(text, 'utf8').toString('latin1');
}

function unusable(message: string, reason: string, cause?: unknown) {
  return failure('KUBECONFIG_INVALID', { message, reason, suggestions: [kubectl`config view`], cause });
}
