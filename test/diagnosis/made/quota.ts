/** A ResourceQuota of the namespace refuses. */
import { pick, type Scenario } from '../stage/scenario.ts';
import type { DiagnosisStage, KubeObject } from '../stage/stage.ts';

async function limit(stage: DiagnosisStage, n: number, hard: Record<string, string>): Promise<string> {
  const name = `${pick(['budget', 'team-limits', 'q'], n)}-${n}`;
  await stage.create(toQuota(name, hard));
  return name;
}

function toQuota(name: string, hard: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name }, spec: { hard } };
}

export const QUOTA: Scenario[] = [
  {
    code: 'QUOTA_CPU',
    how: 'the limits of CPUs are used up but for a part',
    async make(stage, n) {
      const left = pick(['800m', '1', '1500m'], n);
      const name = await limit(stage, n, { 'limits.cpu': left, 'requests.cpu': '1' });
      return { words: stage.up('--cpu', String(n + 1)), evidence: [name, left], mend: 'ready', status: true };
    },
  },
  {
    code: 'QUOTA_CPU',
    how: 'less is left than anything could run with',
    async make(stage, n) {
      const left = pick(['10m', '5m', '2m'], n);
      const name = await limit(stage, n, { 'requests.cpu': left });
      return { words: stage.up(), evidence: [name, left, '100m'], status: true };
    },
  },
  {
    code: 'QUOTA_MEMORY',
    how: 'the limits of memory are used up but for a part',
    async make(stage, n) {
      const left = pick(['1Gi', '700Mi', '1536Mi'], n);
      const name = await limit(stage, n, { 'limits.memory': left });
      return { words: stage.up('--memory', `${n + 1}Gi`), evidence: [name, left], mend: 'ready', status: true };
    },
  },
  {
    code: 'QUOTA_TEMPORARY',
    how: 'the node disk that the namespace may use is less',
    async make(stage, n) {
      const left = pick(['2Gi', '5Gi', '300Mi'], n);
      const name = await limit(stage, n, { 'limits.ephemeral-storage': left });
      return { words: stage.up(), evidence: [name, left, '20Gi'], status: true };
    },
  },
  {
    code: 'QUOTA_PODS',
    how: 'no pod is left',
    async make(stage, n) {
      const resource = pick(['pods', 'count/pods'], n);
      const name = await limit(stage, n, { [resource]: '0' });
      return { words: stage.up(), evidence: [name, 'pods'], status: true };
    },
  },
  {
    code: 'QUOTA_CLAIMS',
    how: 'no claim is left',
    async make(stage, n) {
      const name = await limit(stage, n, {
        [pick(['persistentvolumeclaims', 'count/persistentvolumeclaims'], n)]: '0',
      });
      return { words: stage.up('--storage-class', 'ws-local', '--size', `${n}Gi`), evidence: [name], mend: 'ready' };
    },
  },
  {
    code: 'QUOTA_STORAGE',
    how: 'less storage is left than was asked for',
    async make(stage, n) {
      const left = pick(['2Gi', '500Mi', '3Gi'], n);
      const name = await limit(stage, n, { 'requests.storage': left });
      const words = stage.up('--storage-class', 'ws-local', '--size', `${n + 4}Gi`);
      return { words, evidence: [name, left, `${n + 4}Gi`], mend: 'ready' };
    },
  },
  {
    code: 'QUOTA_CLASS',
    how: 'no claim of the class is left',
    async make(stage, n) {
      const storageClass = pick(['ws-local', 'ws-retain'], n);
      const name = await limit(stage, n, {
        [`${storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims`]: '0',
      });
      const words = stage.up('--storage-class', storageClass, '--size', '1Gi');
      return { words, evidence: [name, storageClass], mend: 'ready' };
    },
  },
  {
    code: 'QUOTA_CLASS',
    how: 'less storage of the class is left than was asked for',
    async make(stage, n) {
      const left = pick(['1Gi', '2Gi', '100Mi'], n);
      const name = await limit(stage, n, { 'ws-local.storageclass.storage.k8s.io/requests.storage': left });
      const words = stage.up('--storage-class', 'ws-local', '--size', `${n + 2}Gi`);
      return { words, evidence: [name, left, 'ws-local'], mend: 'ready' };
    },
  },
  {
    code: 'QUOTA_OBJECTS',
    how: 'no object of a kind is left',
    async make(stage, n) {
      const resource = pick(['services', 'count/deployments.apps', 'secrets'], n);
      const name = await limit(stage, n, { [resource]: '0' });
      return { words: stage.up(), evidence: [name, resource.replace(/^count\//, '').replace(/\..*/, '')] };
    },
  },
  {
    code: 'QUOTA_DEMAND',
    how: 'the quota counts what the pod does not say',
    async make(stage, n) {
      const name = await limit(stage, n, { [pick(['limits.cpu', 'limits.memory'], n)]: '4Gi' });
      const resource = pick(['cpu', 'memory'], n);
      const limits = { cpu: null, memory: null, [pick(['memory', 'cpu'], n)]: pick(['1Gi', '1'], n) };
      return {
        words: stage.upWith({ resources: { limits } }),
        evidence: [name, `limits.${resource}`],
        mend: 'ready',
        status: true,
      };
    },
  },
];
