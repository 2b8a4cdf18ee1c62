/** The way to the cluster: what a person can check of a kubeconfig, and what a connection rests on. */
import type { ApiTrust } from './api-trust.ts';

/** What is known of it without asking the cluster. */
export interface WayToCluster {
  readonly context: string;
  readonly namespace: string;
  readonly trust: ApiTrust;
  readonly access: ApiAccess;
  /** Whether the API server's last answer came over TLS with a post-quantum key exchange; false before the first. */
  readonly isTlsPostQuantum: boolean;
}

/** By which files and with which credentials we reach it. */
export interface ApiAccess {
  /** In their order; empty in a pod, which has its service account. */
  files: { path: string; isThere: boolean }[];
  credentials: Credentials;
  /** Variables of the environment on which the way rests: the kubeconfig says nothing in their place. */
  variables: string[];
}

export type Credentials =
  | {
      kind: 'plugin';
      command: string;
      /** Where the PATH has it; undefined where it is not installed. */
      foundAt: string | undefined;
      installHint: string | undefined;
    }
  | { kind: 'token' | 'password' | 'certificate' | 'auth-provider' | 'none' };
