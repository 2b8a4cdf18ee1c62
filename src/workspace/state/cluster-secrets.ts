import type { UnendedChange } from './cluster-words.ts';
import type { MarkedSecret } from './snapshot.ts';

/** The Secrets of one namespace, by the names that a workspace gives them. */
export interface ClusterSecrets {
  /** The data of a Secret, decoded. */
  findSecret(name: string, signal: AbortSignal): Promise<Map<string, Buffer> | undefined>;
  /** The same with the marks of who manages it. */
  findMarkedSecret(name: string, signal: AbortSignal): Promise<MarkedSecret | undefined>;
  /**
   * Replaces entries of a Secret at once, refusing with `WORKSPACE_BUSY` when somebody else changed one of them since
   * `before`.
   */
  updateSecret(
    name: string,
    before: ReadonlyMap<string, Buffer>,
    entries: Record<string, Buffer>,
    signal: AbortSignal,
  ): Promise<void>;
  /** What Helm has begun and not ended in the namespace; nothing where Secrets may not be listed. */
  listUnended(signal: AbortSignal): Promise<UnendedChange[]>;
  deleteSecret(name: string, signal: AbortSignal): Promise<void>;
}
