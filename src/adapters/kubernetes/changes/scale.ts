/** Stops Deployments and wakes them again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Deployment } from '@kubernetes/client-node';
import { END_MANAGER, IDLE_MANAGER, STOPPED_ANNOTATION } from '../../../contract/labels.ts';
import type { ClusterScale } from '../../../workspace/sleep/cluster-scale.ts';
import { formatStop, parseStop, type Stop } from '../../../workspace/sleep/stop.ts';
import { parseTime } from '../../../workspace/state/cluster-words.ts';
import { objectRequest, WHO_AM_I_REQUEST } from '../api/requests.ts';
import type { RestClient } from '../api/rest.ts';
import { findStatusCode } from '../api/translate.ts';

/** Under which the API server writes down which fields we set. */
const FIELD_MANAGER = 'ws-scale';

/** The controller and other clients write the same object. Each try reads it again. */
const TRIES = 20;
const LONGEST_PAUSE_MS = 100;

export function openScale(rest: RestClient, namespace: string): ClusterScale {
  const read = (name: string, signal: AbortSignal) =>
    rest.call<V1Deployment>(objectRequest('get', 'deployments', namespace, name), signal);
  const write = ({ metadata }: V1Deployment, body: Patch, signal: AbortSignal) => {
    const { name = '', resourceVersion } = metadata ?? {};
    // Nothing is written over what somebody else has decided since it was read.
    const whole = { ...body, metadata: { ...body.metadata, resourceVersion } };
    const request = objectRequest('patch', 'deployments', namespace, name, whole);
    return rest.call<V1Deployment>({ ...request, query: { fieldManager: FIELD_MANAGER } }, signal);
  };
  /**
   * Leaves the number of replicas to nobody. As our field it would be a conflict for the next `helm upgrade` that
   * applies on the server's side, as Helm 4 does. If this fails, that upgrade says so, and what to add.
   */
  const disown = async (name: string, signal: AbortSignal) => {
    const found = await read(name, signal);
    const managedFields = found.metadata?.managedFields?.filter(({ manager }) => manager !== FIELD_MANAGER) ?? [];
    // An empty list would make the API server forget whose all the others are.
    if (managedFields.length > 0) await write(found, { metadata: { managedFields } }, signal);
  };
  return {
    async stop(name, until, signal) {
      const who = findUser(rest, signal);
      const done = await retry(signal, async () => {
        const found = await read(name, signal);
        if (findStop(found)?.until === until) return 'already';
        const stop = { until, since: new Date().toISOString(), by: await who };
        // A change of an annotation alone makes another generation, too.
        const annotations = { [STOPPED_ANNOTATION]: formatStop(stop, (found.metadata?.generation ?? 0) + 1) };
        await write(found, { metadata: { annotations }, spec: { replicas: 0 } }, signal);
        return 'stopped' as const;
      });
      if (done === 'stopped') await retry(signal, () => disown(name, signal)).catch(() => undefined);
      return done;
    },
    wake: (name, signal) =>
      retry(signal, async () => {
        const found = await read(name, signal);
        if (found.spec?.replicas !== 0) return 'running';
        if (findStop(found)?.until !== 'login') return 'stopped';
        await write(
          found,
          { metadata: { annotations: { [STOPPED_ANNOTATION]: null } }, spec: { replicas: 1 } },
          signal,
        );
        return 'woken';
      }),
  };
}

/** What a Deployment without a pod says of how it was stopped. */
export function findStop({ metadata, spec }: V1Deployment): Stop | undefined {
  if (spec?.replicas !== 0) return undefined;
  return parseStop(metadata?.annotations?.[STOPPED_ANNOTATION], metadata?.generation) ?? findScaled(metadata);
}

/** In whose name the second pod scales. */
const MANAGERS = [IDLE_MANAGER, END_MANAGER];

/**
 * Whoever lets idle workspaces sleep may change the scale and nothing else, so it can leave no annotation. The API
 * server itself writes down who has set the replicas: anybody who sets another number later takes its place. It seldom
 * says when.
 */
function findScaled(metadata: V1Deployment['metadata']): Stop | undefined {
  const entry = metadata?.managedFields?.find(
    ({ manager, subresource, fieldsV1 }) =>
      MANAGERS.includes(manager ?? '') && subresource === 'scale' && hasReplicas(fieldsV1),
  );
  if (entry === undefined) return undefined;
  // Read as JSON, so it is a text.
  return { until: entry.manager === IDLE_MANAGER ? 'login' : 'up', since: parseTime(entry.time), by: entry.manager };
}

function hasReplicas(fields: object | undefined): boolean {
  const spec = (fields as Record<string, object | undefined> | undefined)?.['f:spec'];
  return spec !== undefined && spec !== null && 'f:replicas' in spec;
}

interface Patch {
  metadata: object;
  spec?: object;
}

async function retry<Result>(signal: AbortSignal, attempt: () => Promise<Result>): Promise<Result> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (findStatusCode(error) !== 409 || left === 1) throw error;
      await sleep(Math.random() * LONGEST_PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Kubernetes before 1.28 does not say. */
async function findUser(rest: RestClient, signal: AbortSignal): Promise<string | undefined> {
  try {
    const review = await rest.call<{ status?: { userInfo?: { username?: string } } }>(WHO_AM_I_REQUEST, signal);
    return review.status?.userInfo?.username;
  } catch {
    return undefined;
  }
}
