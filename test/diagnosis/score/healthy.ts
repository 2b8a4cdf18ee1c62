/** Starts that are slow and healthy: nothing is wrong, and nobody may say so. */

import { getKubeconfig } from '../../e2e/cluster-under-test.ts';
import { eventually } from '../../e2e/operator/release.ts';
import { startApiProxy } from '../../e2e/support/api-proxy.ts';
import { type DiagnosisStage, type KubeObject, WORKSPACE } from '../stage/stage.ts';
import { makeClass } from '../stage/volumes.ts';

export interface Healthy {
  how: string;
  make(stage: DiagnosisStage): Promise<{ words: string[]; environment?: Record<string, string> }>;
}

/** One way to be slow, by so much of its unit: what `ws up` is told besides, or where it runs. */
interface Slow {
  how: string;
  make(stage: DiagnosisStage): Promise<{ words?: string[]; environment?: Record<string, string> }>;
}

interface Shape {
  toSlow(amount: number, registry: () => string): Slow;
  amounts: number[];
  /** Beside another shape. */
  beside: number[];
}

const SHAPES: Record<string, Shape> = {
  image: {
    toSlow: (seconds, registry) => ({
      how: `the image comes after ${seconds} s`,
      make: async ({ namespace }) => ({ words: ['--image', `${registry()}/slow-${seconds}/${namespace}:1`] }),
    }),
    amounts: [5, 10, 20, 30, 45, 60],
    beside: [4, 15],
  },
  volume: {
    toSlow: (seconds) => ({
      how: `the volume comes after ${seconds} s`,
      make: async (stage) => ({ words: await makeSlowHome(stage, seconds, 'Immediate') }),
    }),
    amounts: [5, 10, 20, 30],
    beside: [4, 15],
  },
  consumer: {
    toSlow: (seconds) => ({
      how: `the volume comes ${seconds} s after a pod wants it`,
      make: async (stage) => ({ words: await makeSlowHome(stage, seconds, 'WaitForFirstConsumer') }),
    }),
    amounts: [5, 10, 20, 30],
    beside: [],
  },
  api: {
    toSlow: (delayMs) => ({
      how: `the API server takes ${delayMs} ms more for each answer`,
      make: async (stage) => {
        const proxy = await startApiProxy(getKubeconfig(), { delayMs });
        stage.defer(() => proxy[Symbol.asyncDispose]());
        return { environment: { KUBECONFIG: proxy.kubeconfig } };
      },
    }),
    amounts: [100, 200, 300, 500, 800, 1200],
    beside: [200, 500],
  },
  cpu: {
    toSlow: (cpu) => ({
      how: `the server has ${cpu} thousandths of a CPU`,
      make: async () => ({ words: ['--cpu', `${cpu}m`] }),
    }),
    amounts: [60, 70, 80, 100, 120, 160],
    beside: [80, 150],
  },
};

/** Each shape by itself, and each beside each other one. */
export function listHealthy(registry: () => string): Healthy[] {
  const shapes = Object.values(SHAPES);
  const alone = shapes.flatMap(({ toSlow, amounts }) => amounts.map((amount) => [toSlow(amount, registry)]));
  const together = shapes.flatMap((one, at) =>
    shapes
      .slice(at + 1)
      .flatMap((other) =>
        one.beside.flatMap((a) => other.beside.map((b) => [one.toSlow(a, registry), other.toSlow(b, registry)])),
      ),
  );
  return [...alone, ...together].map((slow) => ({
    how: slow.map(({ how }) => how).join(', and '),
    make: async (stage) => {
      const made = await Promise.all(slow.map((one) => one.make(stage)));
      const environment = Object.assign({}, ...made.map((one) => one.environment)) as Record<string, string>;
      return { words: stage.up(...made.flatMap(({ words = [] }) => words)), environment };
    },
  }));
}

/** What the library of the provisioners says when it begins (sig-storage-lib-external-provisioner, controller.go). */
function toBegun({ namespace }: DiagnosisStage, claim: string): KubeObject {
  const now = new Date().toISOString();
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'begun' },
    involvedObject: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claim },
    ...{ type: 'Normal', reason: 'Provisioning', firstTimestamp: now, lastTimestamp: now, count: 1 },
    message: `External provisioner is provisioning volume for claim "${namespace}/${claim}"`,
  };
}

type BindingMode = 'Immediate' | 'WaitForFirstConsumer';

/** The words for a home of a provisioner that takes its time: the test itself. */
async function makeSlowHome(stage: DiagnosisStage, seconds: number, mode: BindingMode): Promise<string[]> {
  const name = await makeClass(stage, 'slow', {
    provisioner: `${stage.namespace}.example.com`,
    volumeBindingMode: mode,
  });
  const claim = `ws-${WORKSPACE}-home`;
  const provide = async () => {
    const get = ['get', 'pvc', claim, '--ignore-not-found', '-o', 'json'];
    // The scheduler names the node that the volume is wanted on.
    const isWanted = (text: string) => text !== '' && (mode === 'Immediate' || text.includes('/selected-node'));
    await eventually(() => stage.kubectl(get), isWanted, 60_000);
    await stage.create(toBegun(stage, claim));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const volume = stage.makeFolder();
    await stage.create({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `${stage.namespace}-slow` },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: name,
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { namespace: stage.namespace, name: claim },
        hostPath: { path: volume },
      },
    });
  };
  void provide().catch(() => undefined);
  return ['--storage-class', name, '--size', '1Gi'];
}
