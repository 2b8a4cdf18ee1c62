/** What is known of the cluster that is talked to: whose word it is that it is this one, and what it is called. */

/** Whom the connection to the API server trusts to be it: what all that `ws` takes from the cluster rests on. */
export type ApiTrust =
  /** `serverName` is what the certificate has to be for, where that is another name than the address has. */
  | { kind: 'authority'; from: string; serverName: string | undefined }
  | { kind: 'system'; serverName: string | undefined }
  /** Nobody is looked at: the certificate is not checked, or there is no TLS. */
  | { kind: 'none'; reason: 'skipped' | 'no-tls' };

/** A name that a cluster may have been known by before. */
export interface FormerClusterId {
  id: string;
  /** False for a bare address, which two clusters may share. */
  isUnique: boolean;
}
