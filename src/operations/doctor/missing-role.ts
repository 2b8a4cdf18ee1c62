/** The smallest Role that grants what is missing, for whoever may make one. */
import type { Permission } from '../../workspace/world.ts';

/** Lines of YAML; those of one resource and of one set of verbs together. */
export function writeMissingRole(missing: Permission[], namespace: string): string[] {
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: Role',
    `metadata: {name: ws-missing, namespace: ${namespace}}`,
    'rules:',
    ...listRules(missing).map(
      ({ group, resources, verbs }) =>
        `- {apiGroups: ["${group}"], resources: [${resources.join(', ')}], verbs: [${verbs.join(', ')}]}`,
    ),
  ];
}

interface Rule {
  group: string;
  resources: string[];
  verbs: string[];
}

function listRules(missing: Permission[]): Rule[] {
  const rules: Rule[] = [];
  for (const { group, resource, subresource } of missing) {
    const name = subresource === undefined ? resource : `${resource}/${subresource}`;
    if (rules.some((rule) => rule.group === group && rule.resources.includes(name))) continue;
    const verbs = missing
      .filter((one) => one.group === group && one.resource === resource && one.subresource === subresource)
      .map(({ verb }) => verb);
    const alike = rules.find((rule) => rule.group === group && String(rule.verbs) === String(verbs));
    if (alike === undefined) rules.push({ group, resources: [name], verbs });
    else alike.resources.push(name);
  }
  return rules;
}
