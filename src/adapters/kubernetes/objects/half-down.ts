/** Uninstallations that have begun and not ended, by the labels of Helm's records. */
import type { V1Secret } from '@kubernetes/client-node';
import { parseObjectName, parseWorkspaceLabel } from '../../../workspace/state/cluster-words.ts';
import { listAll } from '../api/list-all.ts';
import { listRequest } from '../api/requests.ts';
import type { RestClient } from '../api/rest.ts';
import { emptyIfRefused, METADATA_ONLY } from './volume-users.ts';

export interface HalfDown {
  namespace: string;
  release: string;
  /** The workspace, where `ws` wrote the record: nothing else of it may be left. */
  workspace: string | undefined;
}

/** The labels of Helm's own, and the mark that `ws` leaves on each revision (`helm-arguments.ts`). */
const UNINSTALLING = 'owner=helm,status=uninstalling';
const MARK = 'ws.dev/revision';

/** Those of one namespace, or of all; none where Secrets may not be listed. */
export async function readHalfDown(
  rest: RestClient,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<HalfDown[]> {
  const request = listRequest('secrets', namespace, { labelSelector: UNINSTALLING });
  const records = listAll<V1Secret>(rest, { ...request, accept: METADATA_ONLY }, signal);
  return (await records.catch((error) => emptyIfRefused<V1Secret>(error))).flatMap(toHalfDown);
}

function toHalfDown({ metadata }: V1Secret): HalfDown[] {
  const { namespace = '', labels } = metadata ?? {};
  const release = parseObjectName(labels?.['name']);
  if (release === undefined) return [];
  const isOurs = labels?.[MARK] !== undefined && release.startsWith('ws-');
  return [{ namespace, release, workspace: isOurs ? parseWorkspaceLabel(release.slice('ws-'.length)) : undefined }];
}
