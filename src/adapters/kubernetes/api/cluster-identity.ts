import type { V1Namespace } from '@kubernetes/client-node';
import type { FormerClusterId } from '../../../workspace/api-trust.ts';
import type { AccessSource } from './connection.ts';
import { namespaceRequest } from './requests.ts';
import type { RestClient } from './rest.ts';
import { findStatusCode } from './translate.ts';
import { toAddressId } from './trust.ts';

/**
 * What a cluster is called in known_hosts. A UID is never given twice. Which ones a user may read depends on rights,
 * which come and go, so it also returns what the cluster was called before.
 */
export class ClusterIdentity {
  readonly #rest: RestClient;
  readonly #source: AccessSource;
  #uids = new Map<string, Promise<string | undefined>>();
  /** The access that the UIDs were read with. */
  #asked: unknown;

  constructor(rest: RestClient, source: AccessSource) {
    this.#rest = rest;
    this.#source = source;
  }

  async getBest(signal: AbortSignal): Promise<string> {
    const { namespace } = this.#source.current;
    return (
      (await this.#findUid('kube-system', signal)) ??
      (await this.#findUid(namespace, signal)) ??
      toAddressId(this.#source.current)
    );
  }

  /** The names but the best one, and last what `ws` 0.1 called a cluster whose kube-system it could not read. */
  async listFormer(signal: AbortSignal): Promise<FormerClusterId[]> {
    const access = this.#source.current;
    const best = await this.getBest(signal);
    const own = await this.#findUid(access.namespace, signal);
    const unique = [own, toAddressId(access)].filter((id) => id !== undefined && id !== best) as string[];
    return [
      ...unique.map((id) => ({ id, isUnique: true })),
      { id: new URL(access.cluster.server).host, isUnique: false },
    ];
  }

  /** Undefined where the namespace may not be read, or is not there. */
  #findUid(namespace: string, signal: AbortSignal): Promise<string | undefined> {
    if (this.#asked !== this.#source.current) {
      this.#asked = this.#source.current;
      this.#uids = new Map();
    }
    const uids = this.#uids;
    const asked = uids.get(namespace) ?? this.#readUid(namespace, signal);
    uids.set(namespace, asked);
    asked.catch(() => uids.delete(namespace));
    return asked;
  }

  async #readUid(namespace: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      const found = await this.#rest.find<V1Namespace>(namespaceRequest(namespace), signal);
      return found?.metadata?.uid;
    } catch (error) {
      if (findStatusCode(error) === 403) return undefined;
      throw error;
    }
  }
}
