/** What we know of the cluster that we talk to: who vouches for it, and its names. */

/** Whom the connection trusts to be the API server. Everything that `ws` takes from the cluster rests on it. */
export type ApiTrust =
  /** `serverName` is what the certificate has to be for, where that is another name than the address has. */
  | { kind: 'authority'; from: string; serverName: string | undefined }
  | { kind: 'system'; serverName: string | undefined }
  /** Nobody vouches for it: the certificate is not checked, or there is no TLS. */
  | { kind: 'none'; reason: 'skipped' | 'no-tls' };

/** A name that a cluster may have been known by before. */
export interface FormerClusterId {
  id: string;
  /** False for a bare address, which two clusters may share. */
  isUnique: boolean;
}
