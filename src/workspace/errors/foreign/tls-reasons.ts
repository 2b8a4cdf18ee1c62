/** Our words for the codes of OpenSSL and of Node's check of a server's name. */

const UNTRUSTED = 'nobody whom the kubeconfig or this machine trusts has signed its certificate';
const NO_TLS = 'it does not speak TLS';
const CLIENT_REFUSED = 'it does not accept the client certificate';

const REASONS: Record<string, string> = {
  CERT_HAS_EXPIRED: 'its certificate has expired, or the clock of this machine is ahead',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, or the clock of this machine is behind',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  CERT_REJECTED: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it has signed its certificate itself, and the kubeconfig does not trust that one',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that the kubeconfig does not trust',
  CERT_SIGNATURE_FAILURE: 'its certificate is not signed by who it says',
  CERT_REVOKED: 'its certificate was taken back',
  INVALID_CA: 'its certificate is signed by somebody who may not sign any',
  INVALID_PURPOSE: "its certificate is not a server's",
  CERT_CHAIN_TOO_LONG: 'too many authorities stand between its certificate and one that is trusted',
  PATH_LENGTH_EXCEEDED: 'too many authorities stand between its certificate and one that is trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for other names',
  HOSTNAME_MISMATCH: 'its certificate is for other names',
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_HTTP_REQUEST: NO_TLS,
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it speaks no version of TLS that is safe',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it speaks no version of TLS that is safe',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it wants a client certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: CLIENT_REFUSED,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: CLIENT_REFUSED,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: CLIENT_REFUSED,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: CLIENT_REFUSED,
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: "the kubeconfig's client certificate and client key do not belong together",
};

/** By how the codes begin, for those that are not listed. */
const KINDS: [pattern: RegExp, reason: string][] = [
  [/^ERR_SSL_/, 'the TLS handshake failed'],
  [/^ERR_TLS_/, 'the TLS handshake failed'],
  [/^ERR_OSSL_/, 'a certificate or a key for it cannot be read'],
  [/^HPE_/, 'it does not answer in HTTP'],
  [/CRL|^CERT_|_CERT$/, 'its certificate cannot be checked'],
];

/** A sentence for a code of TLS or HTTP; undefined for any other. */
export function findTlsReason(code: string): string | undefined {
  return REASONS[code] ?? KINDS.find(([pattern]) => pattern.test(code))?.[1];
}
