/** What Helm has begun and not ended, by the labels of its records. */
import type { V1Secret } from '@kubernetes/client-node';
import { findReleasedName, REVISION_LABEL } from '../../../contract/labels.ts';
import {
  parseObjectName,
  parseWorkspaceLabel,
  UNENDED_STATUSES,
  type UnendedChange,
} from '../../../workspace/state/cluster-words.ts';
import type { RestClient } from '../api/rest.ts';
import { listSecretHeads } from './volume-users.ts';

export interface Unended extends UnendedChange {
  namespace: string;
  /** The workspace, where `ws` wrote the record: nothing else of it may be left. */
  workspace: string | undefined;
}

/** Helm's own labels. */
const UNENDED = `owner=helm,status in (${UNENDED_STATUSES.join(',')})`;

/** Those of one namespace, or of all; none where Secrets may not be listed. */
export async function readUnended(
  rest: RestClient,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<Unended[]> {
  return (await listSecretHeads(rest, namespace, UNENDED, signal)).flatMap(toUnended);
}

function toUnended({ metadata }: V1Secret): Unended[] {
  const { namespace = '', labels } = metadata ?? {};
  const release = parseObjectName(labels?.['name']);
  const status = UNENDED_STATUSES.find((one) => one === labels?.['status']);
  if (release === undefined || status === undefined) return [];
  const name = labels?.[REVISION_LABEL] === undefined ? undefined : findReleasedName(release);
  return [{ namespace, release, status, workspace: name === undefined ? undefined : parseWorkspaceLabel(name) }];
}

/** Of one that is taken down nothing may be left but this. One that is made may yet make everything. */
export function isUninstalling({ status }: UnendedChange): boolean {
  return status === 'uninstalling';
}
