/** What of a Deployment says that it fell asleep by itself: the API server writes down who has set its replicas. */
import type { V1Deployment } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { findStop } from '../../../../src/adapters/kubernetes/changes/scale.ts';
import { IDLE_MANAGER, STOPPED_ANNOTATION } from '../../../../src/contract/labels.ts';
import { formatStop } from '../../../../src/workspace/sleep/stop.ts';

const REPLICAS = { 'f:spec': { 'f:replicas': {} } };
const SINCE = '2026-11-29T14:02:00Z';

/** As the API server has it in JSON, where times are texts. */
function asleep(entry: object, given: { replicas?: number; annotation?: string } = {}): V1Deployment {
  const { replicas = 0, annotation } = given;
  const helm = { manager: 'helm', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:template': {} } } };
  const metadata = {
    generation: 7,
    annotations: annotation === undefined ? {} : { [STOPPED_ANNOTATION]: annotation },
    managedFields: [helm, { operation: 'Update', time: SINCE, ...entry }],
  };
  return { metadata, spec: { replicas } } as unknown as V1Deployment;
}

const idle = { manager: IDLE_MANAGER, subresource: 'scale', fieldsV1: REPLICAS };

it('sleeps until a login since then, if its replicas are those that the idle pod has set', () => {
  expect(findStop(asleep(idle))).toEqual({ until: 'login', since: SINCE, by: IDLE_MANAGER });
});

it.each([
  ['it has a pod', asleep(idle, { replicas: 1 })],
  ['somebody else has set the number since', asleep({ ...idle, fieldsV1: { 'f:spec': {} } })],
  ['kubectl scale did', asleep({ ...idle, manager: 'kubectl' })],
  ['it was no scale', asleep({ ...idle, subresource: undefined })],
  ['what it set is not said', asleep({ ...idle, fieldsV1: undefined })],
  ['it is garbage', asleep({ ...idle, fieldsV1: { 'f:spec': null } })],
])('does not where %s', (_why, deployment) => {
  expect(findStop(deployment)).toBeUndefined();
});

it('is stopped where a person said so afterwards, and not where that was before', () => {
  const stop = { until: 'up', since: SINCE, by: 'anna' } as const;
  expect(findStop(asleep(idle, { annotation: formatStop(stop, 7) }))).toEqual(stop);
  expect(findStop(asleep(idle, { annotation: formatStop(stop, 5) }))).toMatchObject({ until: 'login' });
});

it('says no time that is none', () => {
  expect(findStop(asleep({ ...idle, time: 'x\u001b[2J' }))).toMatchObject({ since: undefined });
});
