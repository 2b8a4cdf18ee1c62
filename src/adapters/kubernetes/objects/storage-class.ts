import type { V1StorageClass } from '@kubernetes/client-node';
import type { StorageClassSnapshot } from '../../../workspace/state/snapshot.ts';

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
