/** The `Cluster` of the world: one context and namespace of a kubeconfig. */
import type { V1Namespace, V1PersistentVolumeClaim, V1Secret, V1StorageClass } from '@kubernetes/client-node';
import type { ApiAccess } from '../../workspace/api-access.ts';
import type { ApiTrust, FormerClusterId } from '../../workspace/api-trust.ts';
import type { ByteStream, PodStreamOptions } from '../../workspace/byte-stream.ts';
import type { Look, NodeSight, Surroundings } from '../../workspace/diagnosis/scene.ts';
import type { ImageTraces } from '../../workspace/image-name.ts';
import type { ClusterRemains, ManifestObject, Refused } from '../../workspace/release/releases.ts';
import type { ClusterScale } from '../../workspace/sleep/cluster-scale.ts';
import type { ClusterPods } from '../../workspace/state/cluster-pods.ts';
import { parseObjectName } from '../../workspace/state/cluster-words.ts';
import type { Endpoint } from '../../workspace/state/endpoint.ts';
import type {
  ClaimSnapshot,
  HostKeySecret,
  MarkedSecret,
  StorageClassSnapshot,
  VolumeUser,
  WorkspaceSnapshot,
} from '../../workspace/state/snapshot.ts';
import type { Cluster, LogOptions, Permission } from '../../workspace/world.ts';
import { ClusterIdentity } from './api/cluster-identity.ts';
import { Connection } from './api/connection.ts';
import { listAll } from './api/list-all.ts';
import { openPatience } from './api/patience/server-comeback.ts';
import { findMissing } from './api/permissions.ts';
import {
  logRequest,
  NAMESPACES_REQUEST,
  namespaceRequest,
  objectRequest,
  STORAGE_CLASSES_REQUEST,
  VERSION_REQUEST,
} from './api/requests.ts';
import { RestClient } from './api/rest.ts';
import { findStatusCode, unlessForbidden } from './api/translate.ts';
import { toTrust } from './api/trust.ts';
import { openPods } from './changes/change-pods.ts';
import { openRemains } from './changes/remains.ts';
import { openScale } from './changes/scale.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { AccessFile } from './kubeconfig/access-file.ts';
import { describeAccess } from './kubeconfig/describe-access.ts';
import { readImageTraces } from './objects/image-traces.ts';
import { readAllWorkspaces, readEndpoint, readWorkspaces } from './objects/read-workspaces.ts';
import { toMarkedSecret, toSecretPatch } from './objects/secret.ts';
import { toClaim } from './objects/snapshot.ts';
import { isRetained, toStorageClass } from './objects/storage-class.ts';
import { readUnended } from './objects/unended.ts';
import { readHostKeys, readVolumeUsers } from './objects/volume-users.ts';
import { watchWorkspace } from './objects/watch-workspace.ts';
import { lookAround, lookAtNodes } from './surroundings/look-around.ts';
import { tryObjects } from './surroundings/try-objects.ts';
import { openLadder } from './ways/open-ladder.ts';

/** Reads nothing until it is used, so errors of the kubeconfig surface with the first use. */
export function openCluster(options: ClusterOptions): Cluster {
  return new KubernetesCluster(options);
}

class KubernetesCluster implements Cluster {
  readonly #options: ClusterOptions;
  readonly #access: AccessFile;
  #client: RestClient | undefined;
  #identity: ClusterIdentity | undefined;
  #ladder: ReturnType<typeof openLadder> | undefined;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#access = new AccessFile(options);
  }

  get #rest(): RestClient {
    const options = {
      mayRunPlugin: true,
      hasTerminal: () => false,
      onMessage: () => undefined,
      onProcessEnd: () => () => undefined,
      ...this.#options,
    };
    this.#client ??= new RestClient(new Connection(this.#access, options), openPatience(options));
    return this.#client;
  }

  get context(): string {
    return this.#access.current.context;
  }

  get namespace(): string {
    return this.#access.current.namespace;
  }

  get access(): ApiAccess {
    return describeAccess(this.#access.current, this.#options);
  }

  get trust(): ApiTrust {
    return toTrust(this.#access.current);
  }

  get isTlsPostQuantum(): boolean {
    return this.#rest.isTlsPostQuantum;
  }

  async getVersion(signal: AbortSignal): Promise<string> {
    const { gitVersion } = await this.#rest.call<{ gitVersion: string }>(VERSION_REQUEST, signal);
    return gitVersion;
  }

  getClusterId(signal: AbortSignal): Promise<string> {
    return this.#ids.getBest(signal);
  }

  listFormerClusterIds(signal: AbortSignal): Promise<FormerClusterId[]> {
    return this.#ids.listFormer(signal);
  }

  get #ids(): ClusterIdentity {
    this.#identity ??= new ClusterIdentity(this.#rest, this.#access);
    return this.#identity;
  }

  async findNamespace(signal: AbortSignal): Promise<'active' | 'terminating' | 'unknown' | undefined> {
    try {
      const found = await this.#rest.find<V1Namespace>(namespaceRequest(this.namespace), signal);
      if (found === undefined) return undefined;
      return found.status?.phase === 'Terminating' ? 'terminating' : 'active';
    } catch (error) {
      if (findStatusCode(error) === 403) return 'unknown';
      throw error;
    }
  }

  findNamespaces(signal: AbortSignal): Promise<string[] | undefined> {
    const pick = ({ metadata }: V1Namespace) => parseObjectName(metadata?.name);
    const names = listAll(this.#rest, NAMESPACES_REQUEST, signal, { pick });
    return unlessForbidden(names.then((found) => found.filter((name) => name !== undefined)));
  }

  findMissingPermissions(permissions: Permission[], signal: AbortSignal): Promise<Permission[]> {
    return findMissing(this.#rest, this.namespace, permissions, signal);
  }

  async findStorageClasses(signal: AbortSignal): Promise<StorageClassSnapshot[] | undefined> {
    const list = await unlessForbidden(this.#rest.call<{ items: V1StorageClass[] }>(STORAGE_CLASSES_REQUEST, signal));
    return list?.items.map(toStorageClass);
  }

  findImageTraces(image: string, signal: AbortSignal): Promise<ImageTraces> {
    return readImageTraces(this.#rest, this.namespace, image, signal);
  }

  lookAtNodes(signal: AbortSignal): Promise<Look<NodeSight>> {
    return lookAtNodes(this.#rest, signal);
  }

  tryObjects(objects: ManifestObject[], signal: AbortSignal): Promise<Refused[]> {
    return tryObjects(this.#rest, this.namespace, objects, signal);
  }

  lookAround(signal: AbortSignal): Promise<Surroundings> {
    return lookAround(this.#rest, this.namespace, signal);
  }

  listWorkspaces(signal: AbortSignal): Promise<WorkspaceSnapshot[]> {
    return readWorkspaces(this.#rest, this.namespace, undefined, signal);
  }

  listAllWorkspaces(signal: AbortSignal): Promise<WorkspaceSnapshot[]> {
    return readAllWorkspaces(this.#rest, signal);
  }

  async findWorkspace(name: string, signal: AbortSignal): Promise<WorkspaceSnapshot | undefined> {
    const [found] = await readWorkspaces(this.#rest, this.namespace, name, signal);
    return found;
  }

  findEndpoint(name: string, signal: AbortSignal): Promise<Endpoint | undefined> {
    return readEndpoint(this.#rest, this.namespace, name, signal);
  }

  watchWorkspace(name: string, signal: AbortSignal): AsyncIterable<WorkspaceSnapshot> {
    return watchWorkspace(this.#rest, this.namespace, name, signal);
  }

  listVolumeUsers(signal: AbortSignal): Promise<VolumeUser[]> {
    return readVolumeUsers(this.#rest, this.namespace, signal);
  }

  listHostKeys(signal: AbortSignal): Promise<HostKeySecret[]> {
    return readHostKeys(this.#rest, this.namespace, signal);
  }

  async findClaim(name: string, signal: AbortSignal): Promise<ClaimSnapshot | undefined> {
    const request = objectRequest('get', 'persistentvolumeclaims', this.namespace, name);
    const claim = await this.#rest.find<V1PersistentVolumeClaim>(request, signal);
    return claim === undefined ? undefined : toClaim(claim);
  }

  async findRetainedVolume(claim: string, signal: AbortSignal): Promise<string | undefined> {
    const volume = (await this.findClaim(claim, signal))?.volume;
    return volume !== undefined && (await isRetained(this.#rest, volume, signal)) ? volume : undefined;
  }

  get pods(): ClusterPods {
    return openPods(this.#rest, this.namespace);
  }

  get scale(): ClusterScale {
    return openScale(this.#rest, this.namespace);
  }

  get remains(): ClusterRemains {
    return openRemains(this.#rest, this.namespace);
  }

  async findSecret(name: string, signal: AbortSignal): Promise<Map<string, Buffer> | undefined> {
    return (await this.findMarkedSecret(name, signal))?.data;
  }

  async findMarkedSecret(name: string, signal: AbortSignal): Promise<MarkedSecret | undefined> {
    const secret = await this.#rest.find<V1Secret>(objectRequest('get', 'secrets', this.namespace, name), signal);
    return secret === undefined ? undefined : toMarkedSecret(secret);
  }

  async updateSecret(
    name: string,
    before: ReadonlyMap<string, Buffer>,
    entries: Record<string, Buffer>,
    signal: AbortSignal,
  ): Promise<void> {
    const secret = await this.#rest.call<V1Secret>(objectRequest('get', 'secrets', this.namespace, name), signal);
    const patch = toSecretPatch(secret, before, entries);
    await this.#rest.call(objectRequest('patch', 'secrets', this.namespace, name, patch), signal);
  }

  listUnended = (signal: AbortSignal) => readUnended(this.#rest, this.namespace, signal);

  async deleteClaim(name: string, signal: AbortSignal): Promise<void> {
    await this.#rest.find(objectRequest('delete', 'persistentvolumeclaims', this.namespace, name), signal);
  }

  async deleteSecret(name: string, signal: AbortSignal): Promise<void> {
    await this.#rest.find(objectRequest('delete', 'secrets', this.namespace, name), signal);
  }

  openPodStream(pod: string, port: number, signal: AbortSignal, options: PodStreamOptions = {}): Promise<ByteStream> {
    const { namespace = this.namespace, ...more } = options;
    this.#ladder ??= openLadder(this.#rest, this.#access, this.#options);
    return this.#ladder.open({ namespace, pod, port }, signal, more);
  }

  readLog(pod: string, options: LogOptions, signal: AbortSignal): AsyncIterable<string> {
    return this.#rest.stream(logRequest(this.namespace, pod, options), signal);
  }
}
