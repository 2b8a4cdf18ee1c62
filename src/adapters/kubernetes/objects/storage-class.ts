/** Storage classes, and the volumes that they make, as far as a person has to know them. */
import type { V1PersistentVolume, V1StorageClass } from '@kubernetes/client-node';
import type { StorageClassSnapshot } from '../../../workspace/state/snapshot.ts';
import { volumeRequest } from '../api/requests.ts';
import type { RestClient } from '../api/rest.ts';
import { unlessForbidden } from '../api/translate.ts';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/** Cuts a storage class down to what a person chooses by. */
export function toStorageClass(storageClass: V1StorageClass): StorageClassSnapshot {
  return {
    name: storageClass.metadata?.name ?? '',
    provisioner: storageClass.provisioner,
    isDefault: storageClass.metadata?.annotations?.[DEFAULT_CLASS] === 'true',
    bindingMode: storageClass.volumeBindingMode === 'WaitForFirstConsumer' ? 'WaitForFirstConsumer' : 'Immediate',
    canGrow: storageClass.allowVolumeExpansion === true,
  };
}

/** Whether a volume stays when its claim goes. False where volumes may not be read. */
export async function isRetained(rest: RestClient, volume: string, signal: AbortSignal): Promise<boolean> {
  const found = await unlessForbidden(rest.find<V1PersistentVolume>(volumeRequest(volume), signal));
  return found?.spec?.persistentVolumeReclaimPolicy === 'Retain';
}
