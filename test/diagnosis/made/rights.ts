/** RBAC says no to a part of what `ws` needs. */
import { bindRole, type Rule, readRole } from '../stage/kubeconfigs.ts';
import { pick, type Scenario } from '../stage/scenario.ts';
import { WORKSPACE } from '../stage/stage.ts';

/** What `ws up` asks for before it changes anything: all but what only some of its ways need. */
const NEEDED = [
  ...['deployments', 'services', 'secrets'].flatMap((resource) =>
    ['get', 'create', 'patch', 'delete'].map((verb) => [verb, resource] as const),
  ),
  ...[['list', 'pods'] as const, ['watch', 'pods'] as const],
];

/** The documented Role without one verb of one resource. */
function without(verb: string, resource: string): Rule[] {
  return readRole().flatMap(({ apiGroups, resources, verbs }) => {
    if (!resources.includes(resource)) return [{ apiGroups, resources, verbs }];
    const others = resources.filter((one) => one !== resource);
    const left = { apiGroups, resources: [resource], verbs: verbs.filter((one) => one !== verb) };
    return [...(others.length === 0 ? [] : [{ apiGroups, resources: others, verbs }]), left];
  });
}

export const RIGHTS: Scenario[] = [
  ...NEEDED.map(
    ([verb, resource]): Scenario => ({
      code: 'RIGHTS_MISSING',
      how: `may not ${verb} ${resource}`,
      async make(stage, n) {
        const name = `${pick(['alice', 'bob', 'carol'], n)}-${n}`;
        const environment = await bindRole(stage, name, without(verb, resource));
        return { words: stage.up(), environment, evidence: [verb, resource] };
      },
    }),
  ),
  {
    code: 'RIGHTS_PORT_FORWARD',
    how: 'may not open the byte pipe to a pod',
    async make(stage, n) {
      await stage.ready();
      const name = `${pick(['alice', 'bob', 'carol'], n)}-${n}`;
      const environment = await bindRole(
        stage,
        name,
        without('create', 'pods/portforward').map(({ verbs, ...rule }) => ({
          ...rule,
          verbs: rule.resources.includes('pods/portforward') ? ['list'] : verbs,
        })),
      );
      return { words: ['forward', WORKSPACE, '0:22'], environment, evidence: ['pods/portforward'] };
    },
  },
  {
    code: 'NAMESPACE_MISSING',
    how: 'there is no such namespace',
    make(stage, n) {
      const name = `${stage.namespace}-x${n}`;
      stage.defer(() => stage.cluster(['delete', 'namespace', name, '--ignore-not-found', '--wait=false']));
      return { words: stage.up('--namespace', name), evidence: [name], mend: 'ready' };
    },
  },
  {
    code: 'NAMESPACE_MISSING',
    how: 'it is being deleted',
    async make(stage, n) {
      const name = `${stage.namespace}-y${n}`;
      await stage.cluster(['create', 'namespace', name]);
      const hold = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'hold', namespace: name, finalizers: ['ws.test/hold'] },
      };
      await stage.cluster(['create', '-f', '-'], JSON.stringify(hold));
      const free = ['-n', name, 'patch', 'configmap', 'hold', '--type=merge', '-p', '{"metadata":{"finalizers":null}}'];
      stage.defer(() => stage.cluster(free));
      await stage.cluster(['delete', 'namespace', name, '--wait=false']);
      return { words: stage.up('--namespace', name), evidence: [name] };
    },
  },
];
