import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { listPermissions } from '../../../../src/operations/checks/rights/permissions.ts';
import { writeMissingRole } from '../../../../src/operations/doctor/missing-role.ts';

const write = (missing: Parameters<typeof writeMissingRole>[0]) => parse(writeMissingRole(missing, 'team').join('\n'));

it('grants what is missing and no more', () => {
  const role = write([
    { group: '', resource: 'secrets', verb: 'get' },
    { group: 'apps', resource: 'deployments', verb: 'patch' },
    { group: '', resource: 'secrets', verb: 'create' },
    { group: '', resource: 'pods', subresource: 'portforward', verb: 'get' },
    { group: '', resource: 'pods', subresource: 'portforward', verb: 'create' },
  ]);
  expect(role).toEqual({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'ws-missing', namespace: 'team' },
    rules: [
      { apiGroups: [''], resources: ['secrets', 'pods/portforward'], verbs: ['get', 'create'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] },
    ],
  });
});

it('grants all that ws up asks for, where all is missing', () => {
  const wanted = listPermissions({ kind: 'claim', storageClass: undefined, size: undefined });
  const rules = write(wanted).rules as { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  const granted = rules.flatMap(({ apiGroups, resources, verbs }) =>
    resources.flatMap((resource) => verbs.map((verb) => `${apiGroups} ${resource} ${verb}`)),
  );
  const asked = wanted.map(
    ({ group, resource, subresource, verb }) =>
      `${group} ${resource}${subresource === undefined ? '' : `/${subresource}`} ${verb}`,
  );
  expect(granted.toSorted()).toEqual(asked.toSorted());
});
