/**
 * The parts of a cluster that commands ask and change, where nothing forbids it: its Secret of keys is the release's.
 */
import { AUTHORIZED_KEYS_FILE } from '../../../src/contract/paths.ts';

/** `note` makes what is done instead of a change, from what is changed. */
export function changeable(keys: Buffer, note: (what: string) => () => Promise<void>) {
  return {
    findMarkedSecret: async () => ({
      data: new Map([[AUTHORIZED_KEYS_FILE, keys]]),
      labels: {
        'app.kubernetes.io/name': 'ws-workspace',
        'app.kubernetes.io/component': 'authorized-keys',
        'app.kubernetes.io/managed-by': 'Helm',
      },
      annotations: { 'meta.helm.sh/release-name': 'ws-dev' },
      changedAt: undefined,
    }),
    updateSecret: note('secret'),
    pods: {
      annotate: async () => undefined,
      previewTemplate: async () => ({ now: {}, then: {} }),
    } as never,
    getVersion: async () => 'v1.37.2',
    findNamespace: async () => 'active' as const,
    findMissingPermissions: async () => [],
    findStorageClasses: async () => [],
    listVolumeUsers: async () => [],
    listHostKeys: async () => [],
    findClaim: async () => undefined,
    deleteClaim: note('claim'),
    deleteSecret: note('host key'),
  };
}
