/** Secrets as the API has them. Pure. */

import type { V1Secret } from '@kubernetes/client-node';
import { failure } from '../../../workspace/errors/errors.ts';
import { again, ws } from '../../../workspace/errors/suggestion.ts';
import { parseTime } from '../../../workspace/state/cluster-words.ts';
import type { MarkedSecret } from '../../../workspace/state/snapshot.ts';

export function toMarkedSecret({ data = {}, metadata }: V1Secret): MarkedSecret {
  return {
    data: new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')])),
    changedAt: metadata?.managedFields
      ?.flatMap(({ time }) => parseTime(time) ?? [])
      .toSorted()
      .at(-1),
    labels: metadata?.labels ?? {},
    annotations: metadata?.annotations ?? {},
  };
}

/** The patch that replaces entries. Throws `WORKSPACE_BUSY` when one of them is not as it was `before`. */
export function toSecretPatch(secret: V1Secret, before: ReadonlyMap<string, Buffer>, entries: Record<string, Buffer>) {
  const isStale = Object.keys(entries).some((key) => secret.data?.[key] !== before.get(key)?.toString('base64'));
  if (isStale) {
    throw failure('WORKSPACE_BUSY', {
      message: `Somebody else changed ${secret.metadata?.name} at the same time`,
      suggestions: [again(ws`keys ls`)],
    });
  }
  return {
    // The API server refuses the patch when somebody else writes in between.
    metadata: { resourceVersion: secret.metadata?.resourceVersion },
    data: Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, value.toString('base64')])),
  };
}
