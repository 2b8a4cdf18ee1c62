import type { Endpoint } from './state/endpoint.ts';

/** What we remember of the last login to a workspace. */
export interface RecentLogin {
  endpoint: Endpoint;
  /** The name of its host key in known_hosts. */
  hostKeyAlias: string;
  /** Fingerprints of the user's keys that the workspace authorizes; empty where the login did not need them. */
  identities: string[];
}
