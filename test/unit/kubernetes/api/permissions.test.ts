import { expect, test } from 'vitest';
import { isListed } from '../../../../src/adapters/kubernetes/api/permissions.ts';

type Rules = Parameters<typeof isListed>[1];
const rule = (apiGroups: string[], resources: string[], verbs: string[], resourceNames?: string[]): Rules[number] => ({
  apiGroups,
  resources,
  verbs,
  ...(resourceNames === undefined ? {} : { resourceNames }),
});
const PODS = { group: '', resource: 'pods', verb: 'list' };
const FORWARD = { group: '', resource: 'pods', subresource: 'portforward', verb: 'get' };

test.each<[string, Parameters<typeof isListed>[0], Rules, boolean]>([
  ['what a rule names', PODS, [rule([''], ['pods', 'secrets'], ['get', 'list'])], true],
  ['what the second rule names', PODS, [rule(['apps'], ['*'], ['*']), rule([''], ['pods'], ['list'])], true],
  ['all of an administrator', FORWARD, [rule(['*'], ['*'], ['*'])], true],
  ['a subresource by its name', FORWARD, [rule([''], ['pods/portforward'], ['get'])], true],
  ['a subresource of whatever resource', FORWARD, [rule([''], ['*/portforward'], ['get'])], true],
  ['not a subresource by its resource', FORWARD, [rule([''], ['pods'], ['*'])], false],
  ['not a resource by its subresource', PODS, [rule([''], ['pods/log', '*/portforward'], ['*'])], false],
  ['not another verb', PODS, [rule([''], ['pods'], ['get', 'watch'])], false],
  ['not another group', PODS, [rule(['metrics.k8s.io'], ['pods'], ['list'])], false],
  ['not a few names of all', PODS, [rule([''], ['pods'], ['list'], ['mine'])], false],
  ['not what holds for the whole cluster', { ...PODS, namespaced: false }, [rule(['*'], ['*'], ['*'])], false],
  ['nothing where nothing is listed', PODS, [], false],
])('a list of rules gives %s', (_what, permission, rules, expected) => {
  expect(isListed(permission, rules)).toBe(expected);
});
