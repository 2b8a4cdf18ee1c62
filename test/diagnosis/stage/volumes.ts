/** Volumes that a test makes by hand, to be as no provisioner would make them. */
import { chmodSync } from 'node:fs';
import type { DiagnosisStage } from './stage.ts';

interface HandMade {
  /** The volume's source, in place of a new folder of this machine, which its node sees too. */
  source?: Record<string, unknown>;
  accessMode?: string;
  nodeAffinity?: object;
}

export interface HandMadeHome {
  claim: string;
  volume: string;
  /** The folder of the volume. Root's. */
  folder: string;
}

/** A volume and the claim that has it. */
export async function makeHome(stage: DiagnosisStage, name: string, made: HandMade = {}): Promise<HandMadeHome> {
  const { accessMode = 'ReadWriteOnce', nodeAffinity } = made;
  const folder = stage.makeFolder();
  chmodSync(folder, 0o755);
  const volume = `${stage.namespace}-${name}`;
  const size = { storage: '1Gi' };
  const common = { accessModes: [accessMode], storageClassName: 'by-hand' };
  await stage.create(
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volume },
      spec: {
        ...common,
        capacity: size,
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { namespace: stage.namespace, name },
        ...(nodeAffinity === undefined ? {} : { nodeAffinity }),
        ...(made.source ?? { hostPath: { path: folder } }),
      },
    },
    toClaim(name, { ...common, volumeName: volume, resources: { requests: size } }),
  );
  await stage.kubectl(['wait', `pvc/${name}`, '--for=jsonpath={.status.phase}=Bound', '--timeout=30s']);
  return { claim: name, volume, folder };
}

export function toClaim(name: string, spec: Record<string, unknown>) {
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec };
}

/** A storage class of the stage's own. */
export async function makeClass(stage: DiagnosisStage, name: string, more: Record<string, unknown>): Promise<string> {
  const own = `${stage.namespace}-${name}`;
  await stage.create({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: own }, ...more });
  return own;
}
