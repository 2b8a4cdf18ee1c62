import type { ApiTrust } from '../../workspace/api-trust.ts';
import { WorkspaceError } from '../../workspace/errors/errors.ts';
import { advice, type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import { describeAgent, findReasonForNoNewKey } from '../../workspace/keys/agents.ts';
import type { World } from '../../workspace/world.ts';
import { listPermissions } from '../checks/preflight.ts';

export interface Finding {
  check: string;
  verdict: 'good' | 'warning' | 'bad';
  detail: string;
  suggestion: Suggestion | undefined;
}

/** Looks at everything a workspace needs, in the order in which it needs it. Never throws for what it finds. */
export async function* doctor(world: World, signal: AbortSignal): AsyncGenerator<Finding, void, void> {
  const { cluster, releases, identities } = world;
  yield await examine('helm', async () => good(`helm ${await releases.getVersion(signal)}`));
  yield await examine('authority', async () => judgeTrust(cluster.trust));
  const reached = await examine('cluster', async () =>
    good(`Kubernetes ${await cluster.getVersion(signal)}, context ${cluster.context}`),
  );
  yield reached;
  if (reached.verdict !== 'bad') {
    yield await examine('namespace', async () => {
      const state = await cluster.findNamespace(signal);
      if (state === undefined)
        return bad(`${cluster.namespace} does not exist`, {
          ...ws`up --create-namespace`,
          place: { namespace: cluster.namespace },
        });
      return state === 'terminating'
        ? bad(`${cluster.namespace} is being deleted`, { ...ws`up`, place: { namespace: 'NAME' } })
        : good(cluster.namespace);
    });
    yield await examine('permissions', async () => {
      const wanted = listPermissions({ kind: 'claim', storageClass: undefined, size: undefined });
      const missing = await cluster.findMissingPermissions(wanted, signal);
      const names = missing.map(
        ({ verb, resource, subresource }) => `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`,
      );
      return missing.length === 0
        ? good('all there')
        : bad(`missing: ${names.join(', ')}`, advice('Ask for the Role in docs/operators.md'));
    });
    yield await examine('storage classes', async () => {
      const classes = await cluster.findStorageClasses(signal);
      if (classes === undefined)
        return warning('may not be listed', { ...ws`up --storage-class NAME`, note: 'works all the same' });
      if (classes.length === 0) return warning('none: a home can only be an emptyDir', ws`up --storage-class none`);
      return good(classes.map((entry) => (entry.isDefault ? `${entry.name} (default)` : entry.name)).join(', '));
    });
  }
  let found: Awaited<ReturnType<typeof identities.look>> | undefined;
  yield await examine('ssh agent', async () => {
    found = await identities.look(signal);
    const { agent } = found;
    const detail = describeAgent(agent);
    if (agent.kind === 'silent') return warning(detail, agent.remedy[0]);
    return findReasonForNoNewKey(agent) === undefined
      ? good(detail)
      : warning(detail, advice('Unlock it, or ssh-add a key'));
  });
  yield await examine('keys', async () => {
    const own = (found ?? (await identities.look(signal))).identities;
    if (own.length > 0) return good(own.map((key) => `${key.comment || key.type} (${key.source})`).join(', '));
    return found !== undefined && findReasonForNoNewKey(found.agent) !== undefined
      ? warning('none that could be seen', ws`up --identity FILE`)
      : warning('none in the ssh agent or ~/.ssh', { ...ws`up`, note: 'makes one' });
  });
  yield await examine('known hosts', async () => good(world.knownHosts.path));
}

/** Who vouches for the API server. Host keys come from it. */
function judgeTrust(trust: ApiTrust): Omit<Finding, 'check'> {
  switch (trust.kind) {
    case 'authority':
      return good(`that of ${trust.from}${toServerName(trust)}`);
    case 'system':
      return good(`those that this machine trusts${toServerName(trust)}`);
    case 'none':
      return warning(
        trust.reason === 'skipped'
          ? 'none: insecure-skip-tls-verify in the kubeconfig, so whoever is on the way can be the API server; no new host key is pinned'
          : 'none: http:// in the kubeconfig, so everybody on the way reads along; no credentials are sent, and no new host key is pinned',
        advice('Give the cluster an https:// server and its certificate-authority in the kubeconfig'),
      );
  }
}

function toServerName({ serverName }: { serverName: string | undefined }): string {
  return serverName === undefined ? '' : `, for the name ${serverName}`;
}

async function examine(check: string, look: () => Promise<Omit<Finding, 'check'>>): Promise<Finding> {
  try {
    return { check, ...(await look()) };
  } catch (error) {
    if (!(error instanceof WorkspaceError) || error.code === 'INTERRUPTED') throw error;
    return {
      check,
      ...bad(error.reason === undefined ? error.message : `${error.message}: ${error.reason}`, error.suggestions[0]),
    };
  }
}

function good(detail: string): Omit<Finding, 'check'> {
  return { verdict: 'good', detail, suggestion: undefined };
}

function warning(detail: string, suggestion: Suggestion | undefined): Omit<Finding, 'check'> {
  return { verdict: 'warning', detail, suggestion };
}

function bad(detail: string, suggestion: Suggestion | undefined): Omit<Finding, 'check'> {
  return { verdict: 'bad', detail, suggestion };
}
