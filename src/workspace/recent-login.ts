import type { Endpoint } from './state/endpoint.ts';

/** What the last login to a workspace came to. */
export interface RecentLogin {
  endpoint: Endpoint;
  /** The name of its host key in known_hosts. */
  hostKeyAlias: string;
  /** Fingerprints of the user's keys that the workspace authorizes; none where nobody had to know. */
  identities: string[];
}
