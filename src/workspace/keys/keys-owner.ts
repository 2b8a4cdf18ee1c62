/**
 * Whether `ws` may change a workspace's authorized keys, or a tool would put its own values back at the next sync.
 * Pure.
 */

import {
  AUTHORIZED_KEYS_COMPONENT,
  CHART_NAME,
  COMPONENT_LABEL,
  HELM_RELEASE_ANNOTATION,
  NAME_LABEL,
} from '../../contract/labels.ts';
import { amended, failure, type WorkspaceError } from '../errors/errors.ts';
import { advice, kubectl, type Suggestion } from '../errors/suggestion.ts';
import type { MarkedSecret } from '../state/snapshot.ts';

/** What tools put on the objects that they apply: the mark, and what to say of its value. */
const MARKS: [mark: string, toTruth: (value: string) => string][] = [
  ['helm.toolkit.fluxcd.io/name', (name) => `Flux's HelmRelease ${name}`],
  ['kustomize.toolkit.fluxcd.io/name', (name) => `Flux's Kustomization ${name}`],
  ['argocd.argoproj.io/tracking-id', (id) => `Argo CD's application ${id.split(':', 1)[0]}`],
  ['argocd.argoproj.io/instance', (name) => `Argo CD's application ${name}`],
  ['objectset.rio.cattle.io/id', (id) => `Fleet's bundle ${id}`],
  ['config.k8s.io/owning-inventory', (id) => `the inventory ${id}`],
];

const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';

/** Throws `RELEASE_FOREIGN` where something else holds the truth about the keys. */
export function verifyKeysAreOwn(workspace: string, name: string, secret: MarkedSecret): void {
  const refusal = findOwner(workspace, name, secret);
  if (refusal !== undefined) throw refusal;
}

/**
 * The same error where `ws` may change the keys. Where it may not, what is to be done there stands for `ws keys add`,
 * which would be refused.
 */
export function withKeysOwner(
  error: WorkspaceError,
  { workspace, name, secret }: { workspace: string; name: string; secret: MarkedSecret },
): WorkspaceError {
  const owner = findOwner(workspace, name, secret);
  const at = error.suggestions.findIndex(addsKey);
  if (owner === undefined || at < 0) return error;
  const suggestions = error.suggestions.flatMap((one, index) =>
    index === at ? owner.suggestions : addsKey(one) ? [] : [one],
  );
  const because = `ws does not change its keys. ${owner.reason}`;
  return amended(error, { reason: error.reason ? `${error.reason}\n${because}` : because, suggestions });
}

function addsKey(suggestion: Suggestion): boolean {
  return (
    'program' in suggestion && suggestion.program === 'ws' && suggestion.words.slice(0, 2).join(' ') === 'keys add'
  );
}

function findOwner(workspace: string, name: string, { labels, annotations }: MarkedSecret): WorkspaceError | undefined {
  const isOfChart = labels[NAME_LABEL] === CHART_NAME && labels[COMPONENT_LABEL] === AUTHORIZED_KEYS_COMPONENT;
  if (!isOfChart) {
    return refuse(
      workspace,
      `They are in Secret ${name}, which its release only names (existingAuthorizedKeysSecret)`,
      [{ ...kubectl`edit secret ${name}`, note: 'or change it where it is managed' }],
    );
  }
  for (const [mark, toTruth] of MARKS) {
    const value = labels[mark] ?? annotations[mark];
    if (value !== undefined)
      return refuse(workspace, `${toTruth(value)} applies them, and would put its own back`, VALUES);
  }
  const manager = labels[MANAGED_BY_LABEL];
  if (manager !== undefined && manager !== 'Helm')
    return refuse(workspace, `${manager} applies them, and would put its own back`, VALUES);
  if (annotations[HELM_RELEASE_ANNOTATION] === undefined)
    return refuse(
      workspace,
      'The chart was rendered and applied without Helm, and the next time would put its keys back',
      VALUES,
    );
  return undefined;
}

const VALUES = [advice('Change authorizedKeys in the values, where they are kept')];

function refuse(workspace: string, reason: string, suggestions: Suggestion[]): WorkspaceError {
  return failure('RELEASE_FOREIGN', {
    message: `The keys of workspace ${workspace} are not for ws to change`,
    reason,
    suggestions,
  });
}
