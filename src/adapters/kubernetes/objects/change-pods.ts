/** Changes of pods by the app itself, and what a change of their template would do. */
import { isDeepStrictEqual } from 'node:util';
import type { V1Deployment } from '@kubernetes/client-node';
import { objectRequest } from '../api/requests.ts';
import type { RestClient } from '../api/rest.ts';

/** An object's name and where it is. */
export interface At {
  namespace: string;
  name: string;
}

export async function annotatePod(
  rest: RestClient,
  { namespace, name }: At,
  annotations: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  await rest.call(objectRequest('patch', 'pods', namespace, name, { metadata: { annotations } }), signal);
}

/** The API server fills in what a template leaves open, so the two answers can be compared. */
export async function wouldChangePods(
  rest: RestClient,
  { namespace, name }: At,
  template: object,
  signal: AbortSignal,
): Promise<boolean> {
  const write = objectRequest('patch', 'deployments', namespace, name, { spec: { template } });
  const before = await rest.call<V1Deployment>(objectRequest('get', 'deployments', namespace, name), signal);
  const after = await rest.call<V1Deployment>({ ...write, query: { dryRun: 'All' } }, signal);
  return !isDeepStrictEqual(before.spec?.template, after.spec?.template);
}
