/** A webhook or a policy of the cluster says no, or a webhook says nothing. */
import { advice, kubectl, type Suggestion } from '../../../errors/suggestion.ts';
import type { Cause, Finding } from '../../cause.ts';
import { findRefusal } from '../../parts.ts';
import type { Scene } from '../../scene.ts';
import { type GateRefusal, readGateRefusal } from '../../words/refusals.ts';

const WHOSE: Suggestion = {
  ...kubectl`get validatingwebhookconfigurations,mutatingwebhookconfigurations`,
  note: 'shows whose it is',
};

export const WEBHOOK: Cause = {
  code: 'ADMISSION_WEBHOOK',
  group: 'admission',
  title: 'An admission webhook of the cluster refuses the workspace',
  looksLike: 'No pod is made; the refusal says "admission webhook … denied the request".',
  help: 'Its own sentence says what it wants. Change that in a values file, or ask whoever manages it.',
  waiting: 'useless',
  find: (scene) =>
    find(scene, 'webhook', ({ name, why }) => ({
      message: `Webhook ${name} of the cluster refuses it${why === undefined ? ' and does not say why' : `: ${why}`}`,
      suggestions: [advice(`Change what it names in a values file, or ask whoever manages the webhook ${name}`), WHOSE],
    })),
};

export const SILENT_WEBHOOK: Cause = {
  code: 'ADMISSION_WEBHOOK_SILENT',
  group: 'admission',
  title: 'An admission webhook of the cluster does not answer',
  looksLike: 'No pod is made; the refusal says "failed calling webhook".',
  help: 'Its service is down or cannot be reached. Wait until it is back, or ask whoever manages it.',
  waiting: 'helps',
  find: (scene) =>
    find(scene, 'silent-webhook', ({ name, why = '' }) => ({
      message: `The cluster asks webhook ${name} whether the workspace may be made, and it does not answer: ${why}`,
      suggestions: [advice(`Wait until the webhook ${name} is back, or ask whoever manages it`), WHOSE],
    })),
};

export const POLICY: Cause = {
  code: 'ADMISSION_POLICY',
  group: 'admission',
  title: 'An admission policy of the cluster refuses the workspace',
  looksLike: 'No pod is made; the refusal says "ValidatingAdmissionPolicy … denied request".',
  help: 'Its own sentence says what it wants. Change that in a values file, or ask whoever manages it.',
  waiting: 'useless',
  find: (scene) =>
    find(scene, 'policy', ({ name, why }) => ({
      message: `Policy ${name} of the cluster refuses it: ${why ?? 'it does not say why'}`,
      suggestions: [
        advice(`Change what it names in a values file, or ask whoever manages the policy ${name}`),
        { ...kubectl`get validatingadmissionpolicy ${name} --output yaml`, note: 'shows its rules' },
      ],
    })),
};

function find(
  scene: Scene,
  kind: GateRefusal['kind'],
  toParts: (gate: GateRefusal) => Pick<Finding, 'message' | 'suggestions'>,
): Finding[] {
  const words = findRefusal(scene);
  const gate = words === undefined ? undefined : readGateRefusal(words);
  if (words === undefined || gate?.kind !== kind) return [];
  return [{ reason: 'FailedCreate', ...toParts(gate), evidence: [words], unseen: [] }];
}
