/** What a user may do, as the API server lists it. Pure. */
import type { V1ResourceRule } from '@kubernetes/client-node';
import type { Permission } from '../../../workspace/world.ts';

/** What a SelfSubjectRulesReview answers. An authorizer that cannot list its rules leaves them out. */
export interface RulesReview {
  status?: { resourceRules?: V1ResourceRule[] };
}

/** True when one of the rules gives the permission for every name. False says nothing: a list need not be complete. */
export function isListed(permission: Permission, rules: V1ResourceRule[]): boolean {
  const { group, resource, subresource, verb, namespaced = true } = permission;
  if (!namespaced) return false;
  const resources = subresource === undefined ? [resource] : [`${resource}/${subresource}`, `*/${subresource}`];
  return rules.some(
    (rule) =>
      (rule.resourceNames ?? []).length === 0 &&
      includesOneOf(rule.verbs, [verb]) &&
      includesOneOf(rule.apiGroups, [group]) &&
      includesOneOf(rule.resources, resources),
  );
}

/** `*` stands for all (k8s.io/component-helpers/auth/rbac/validation). */
function includesOneOf(given: string[] | undefined, wanted: string[]): boolean {
  return given?.some((word) => word === '*' || wanted.includes(word)) ?? false;
}
