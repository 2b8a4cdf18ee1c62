import type { DirectAddress } from '../../workspace/ways/direct.ts';
import type { WayTaken } from '../../workspace/ways/ways.ts';
import type { ConnectionOptions } from './api/connection.ts';
import type { ServerMemory } from './api/patience/server-comeback.ts';
import type { PlaceInEnvironment } from './kubeconfig/kubeconfig-files.ts';
import type { WayMemory } from './ways/ladder.ts';

/** What a `Cluster` is opened with. */
export interface ClusterOptions extends PlaceInEnvironment, Partial<Omit<ConnectionOptions, 'environment'>> {
  /** Without it, an API server that is not there is not waited for. */
  memory?: ServerMemory | undefined;
  /** Without it, no way to a pod is remembered beyond this process. */
  ways?: WayMemory | undefined;
  /** Where the SSH server is reached past the API server. */
  direct?: DirectAddress | undefined;
  /** Hears of each stream which way it takes. */
  onWay?: ((taken: WayTaken) => void) | undefined;
  /** False opens no resumable stream. */
  resumes?: boolean;
}
