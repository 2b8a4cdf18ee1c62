/** Where the SSH server of a workspace is, and what a login there needs. */
import type { WorkspaceSnapshot } from './snapshot.ts';

/** Which Secret holds the host key of which workspace. */
export interface HostKeySource {
  workspace: string;
  namespace: string;
  /** Undefined where its pod mounts none. */
  hostKeySecret: string | undefined;
}

/** The SSH server of a workspace's pod. */
export interface Endpoint extends HostKeySource {
  pod: string;
  /** TCP port of the SSH server in the pod. */
  sshPort: number;
  /** Where its supervisor resumes streams; absent where it does not. */
  resumePort?: number;
  /** Login name. */
  user: string;
  authorizedKeysSecret: string | undefined;
}

export function toHostKeySource({ name, namespace, deployment }: WorkspaceSnapshot): HostKeySource {
  return { workspace: name, namespace, hostKeySecret: deployment?.hostKeySecret };
}

/** Undefined without a ready pod or without its Deployment, and for a damaged workspace. */
export function toEndpoint(snapshot: WorkspaceSnapshot): Endpoint | undefined {
  return snapshot.pod?.ready === true ? toStartingEndpoint(snapshot) : undefined;
}

/** The same for a pod that may not be ready yet: where its server will be. */
export function toStartingEndpoint(snapshot: WorkspaceSnapshot): Endpoint | undefined {
  const { deployment, pod } = snapshot;
  if (deployment === undefined || pod === undefined) return undefined;
  const { sshPort, resumePort, user, authorizedKeysSecret } = deployment;
  if (user === undefined) return undefined;
  return {
    ...toHostKeySource(snapshot),
    pod: pod.name,
    sshPort,
    ...(resumePort === undefined ? {} : { resumePort }),
    user,
    authorizedKeysSecret,
  };
}
