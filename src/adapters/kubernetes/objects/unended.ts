/** Uninstallations that have begun and not ended, by the labels of Helm's records. */
import type { V1Secret } from '@kubernetes/client-node';
import { findReleasedName, REVISION_LABEL } from '../../../contract/labels.ts';
import { parseObjectName, parseWorkspaceLabel } from '../../../workspace/state/cluster-words.ts';
import type { RestClient } from '../api/rest.ts';
import { listSecretHeads } from './volume-users.ts';

export interface HalfDown {
  namespace: string;
  release: string;
  /** The workspace, where `ws` wrote the record: nothing else of it may be left. */
  workspace: string | undefined;
}

/** Helm's own labels. */
const UNINSTALLING = 'owner=helm,status=uninstalling';

/** Those of one namespace, or of all; none where Secrets may not be listed. */
export async function readHalfDown(
  rest: RestClient,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<HalfDown[]> {
  return (await listSecretHeads(rest, namespace, UNINSTALLING, signal)).flatMap(toHalfDown);
}

function toHalfDown({ metadata }: V1Secret): HalfDown[] {
  const { namespace = '', labels } = metadata ?? {};
  const release = parseObjectName(labels?.['name']);
  if (release === undefined) return [];
  const name = labels?.[REVISION_LABEL] === undefined ? undefined : findReleasedName(release);
  return [{ namespace, release, workspace: name === undefined ? undefined : parseWorkspaceLabel(name) }];
}
