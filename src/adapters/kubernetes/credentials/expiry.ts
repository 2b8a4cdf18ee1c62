/** Whether what the user showed the API server was over: it says no more than "Unauthorized" then. */
import { X509Certificate } from 'node:crypto';
import type https from 'node:https';

/** As TLS takes it. */
type Certificate = https.AgentOptions['cert'];

export interface Expired {
  code: 'TOKEN_EXPIRED' | 'CLIENT_CERTIFICATE_EXPIRED';
  /** When, and what: a clause. */
  words: string;
}

/** The token of a request, or its certificate, if either was over at that time; undefined when neither was. */
export function findExpired(
  authorization: string | string[] | undefined,
  certificate: Certificate,
  nowMs: number,
): Expired | undefined {
  const tokenMs = readExpiry(String(authorization ?? '').replace(/^Bearer /, ''));
  if (tokenMs <= nowMs) return toExpired('TOKEN_EXPIRED', 'its token expired', tokenMs);
  const certificateMs = readValidTo(certificate);
  return certificateMs <= nowMs
    ? toExpired('CLIENT_CERTIFICATE_EXPIRED', 'its client certificate expired', certificateMs)
    : undefined;
}

function toExpired(code: Expired['code'], what: string, atMs: number): Expired {
  return { code, words: `${what} at ${new Date(atMs).toISOString().slice(0, 19)}Z` };
}

/** When a JWT expires, since 1970; undefined becomes NaN, which is neither before nor after. */
export function readExpiry(token: string): number {
  try {
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp?: number };
    return Number(exp) * 1000;
  } catch {
    return Number.NaN;
  }
}

/** The same of a certificate in PEM, the first one where there are several. */
function readValidTo(certificate: Certificate): number {
  const [first] = [certificate].flat();
  try {
    return first === undefined ? Number.NaN : Date.parse(new X509Certificate(first).validTo);
  } catch {
    return Number.NaN;
  }
}
