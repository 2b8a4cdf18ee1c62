import type { ConnectionOptions } from './api/connection.ts';
import type { ServerMemory } from './api/patience/server-comeback.ts';
import type { PlaceInEnvironment } from './kubeconfig/kubeconfig-files.ts';

/** What a `Cluster` is opened with. */
export interface ClusterOptions extends PlaceInEnvironment, Partial<Omit<ConnectionOptions, 'environment'>> {
  /** Without it, an API server that is not there is not waited for. */
  memory?: ServerMemory | undefined;
  /** False opens no resumable stream. */
  resumes?: boolean;
}
