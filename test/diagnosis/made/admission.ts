/** The API server, or who it asks, refuses the pod. */

import { eventually } from '../../e2e/operator/release.ts';
import { pick, type Scenario } from '../stage/scenario.ts';
import type { DiagnosisStage } from '../stage/stage.ts';
import { startRefusingWebhook, toWebhook } from '../stage/webhook.ts';

async function limitRange(stage: DiagnosisStage, n: number, limit: Record<string, unknown>): Promise<string> {
  const name = `${pick(['sizes', 'lr', 'house-rules'], n)}-${n}`;
  await stage.create({ apiVersion: 'v1', kind: 'LimitRange', metadata: { name }, spec: { limits: [limit] } });
  return name;
}

/** What refuses takes its time to hear of its rules. */
function awaitRefusal(stage: DiagnosisStage): Promise<unknown> {
  const words = ['run', 'probe', '--image=none', '--dry-run=server', '--restart=Never'];
  return eventually(
    () =>
      stage.kubectl(words).then(
        () => false,
        () => true,
      ),
    Boolean,
    60_000,
  );
}

export const ADMISSION: Scenario[] = [
  {
    code: 'LIMIT_RANGE',
    how: 'more CPUs than a container may have',
    async make(stage, n) {
      const cpu = pick(['500m', '800m', '1'], n);
      const name = await limitRange(stage, n, { type: 'Container', max: { cpu } });
      return { words: stage.up('--cpu', String(n + 1)), evidence: [name, cpu], mend: 'ready', status: true };
    },
  },
  {
    code: 'LIMIT_RANGE',
    how: 'more memory than a pod may have',
    async make(stage, n) {
      const memory = pick(['1Gi', '600Mi', '2Gi'], n);
      const name = await limitRange(stage, n, { type: pick(['Pod', 'Container'], n), max: { memory } });
      return { words: stage.up('--memory', `${n + 2}Gi`), evidence: [name, memory], mend: 'ready', status: true };
    },
  },
  {
    code: 'LIMIT_RANGE',
    how: 'a larger home than a claim may be',
    async make(stage, n) {
      const storage = pick(['1Gi', '2Gi', '500Mi'], n);
      const name = await limitRange(stage, n, { type: 'PersistentVolumeClaim', max: { storage } });
      const words = stage.up('--storage-class', 'ws-local', '--size', `${n + 4}Gi`);
      return { words, evidence: [name, storage], mend: 'ready' };
    },
  },
  {
    code: 'LIMIT_RANGE',
    how: 'less memory than a container must have',
    async make(stage, n) {
      const memory = pick(['1Gi', '700Mi', '900Mi'], n);
      const name = await limitRange(stage, n, { type: 'Container', min: { memory } });
      return { words: stage.up('--memory', `${300 + n}Mi`), evidence: [name, memory], status: true };
    },
  },
  {
    code: 'LIMIT_RANGE',
    how: 'the limit is too many times the request',
    async make(stage, n) {
      const ratio = String(n + 2);
      await limitRange(stage, n, { type: 'Container', maxLimitRequestRatio: { cpu: ratio } });
      return { words: stage.up(), evidence: [ratio], mend: 'ready', status: true };
    },
  },
  {
    code: 'POD_SECURITY',
    how: 'a folder of the node in a namespace that forbids it',
    async make(stage, n) {
      const level = pick(['restricted', 'baseline'], n);
      await stage.cluster(['label', 'namespace', stage.namespace, `pod-security.kubernetes.io/enforce=${level}`]);
      const name = `folder-${n}`;
      const values = {
        extraVolumes: [{ name, hostPath: { path: '/tmp' } }],
        extraVolumeMounts: [{ name, mountPath: '/mnt/node' }],
      };
      return { words: stage.upWith(values), evidence: [level, 'hostPath'], status: true };
    },
  },
  {
    code: 'ADMISSION_WEBHOOK',
    how: 'a webhook that says no',
    async make(stage, n) {
      const sentence = pick(
        ['pods need the label cost-center', 'images come from registry.corp only', 'not on Fridays'],
        n,
      );
      const webhook = await startRefusingWebhook(stage, sentence);
      const name = `w${n}.${stage.namespace}.example.com`;
      await stage.create(toWebhook(stage, name, webhook));
      await awaitRefusal(stage);
      return { words: stage.up(), evidence: [name, sentence], status: true };
    },
  },
  {
    code: 'ADMISSION_WEBHOOK_SILENT',
    how: 'a webhook whose service is not there',
    async make(stage, n) {
      const name = `gone${n}.${stage.namespace}.example.com`;
      const service = { name: `policy-${n}`, namespace: stage.namespace, path: '/' };
      await stage.create(toWebhook(stage, name, { service }));
      await awaitRefusal(stage);
      return { words: stage.up(), evidence: [name, `policy-${n}`], status: true };
    },
  },
  {
    code: 'ADMISSION_POLICY',
    how: 'a ValidatingAdmissionPolicy that says no',
    async make(stage, n) {
      const name = `policy-${n}.${stage.namespace}.example.com`;
      const message = pick(['a pod needs an owner label', 'use the approved runtime', 'ask the platform team'], n);
      const rules = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
      await stage.create(
        {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingAdmissionPolicy',
          metadata: { name },
          spec: {
            matchConstraints: { resourceRules: [rules] },
            validations: [{ expression: "has(object.metadata.labels) && 'never' in object.metadata.labels", message }],
          },
        },
        {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingAdmissionPolicyBinding',
          metadata: { name },
          spec: {
            policyName: name,
            validationActions: ['Deny'],
            matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': stage.namespace } } },
          },
        },
      );
      await awaitRefusal(stage);
      return { words: stage.up(), evidence: [name, message], status: true };
    },
  },
  {
    code: 'SERVICE_ACCOUNT_MISSING',
    how: 'an account that nobody made',
    make(stage, n) {
      const serviceAccountName = `${pick(['builder', 'puller', 'robot'], n)}-${n}`;
      return { words: stage.upWith({ serviceAccountName }), evidence: [serviceAccountName], status: true };
    },
  },
  {
    code: 'PRIORITY_CLASS_MISSING',
    how: 'a class that nobody made',
    make(stage, n) {
      const priorityClassName = `${pick(['high', 'batch', 'gold'], n)}-${n}`;
      return { words: stage.upWith({ priorityClassName }), evidence: [priorityClassName], status: true };
    },
  },
  {
    code: 'RUNTIME_CLASS_MISSING',
    how: 'a class that nobody made',
    make(stage, n) {
      const runtimeClassName = `${pick(['gvisor', 'kata', 'wasm'], n)}-${n}`;
      return { words: stage.upWith({ runtimeClassName }), evidence: [runtimeClassName], status: true };
    },
  },
];
