/** What a user may do, as the API server lists it. */
import type { V1ResourceRule } from '@kubernetes/client-node';
import type { Permission } from '../../../workspace/world.ts';
import { accessReviewRequest, rulesReviewRequest } from './requests.ts';
import type { RestClient } from './rest.ts';
import { unlessForbidden } from './translate.ts';

/** What a SelfSubjectRulesReview answers. An authorizer that cannot list its rules leaves them out. */
interface RulesReview {
  status?: { resourceRules?: V1ResourceRule[] };
}

/**
 * The permissions that the API server refuses. One question answers most; each that is left costs a question of its
 * own.
 */
export async function findMissing(
  rest: RestClient,
  namespace: string,
  permissions: Permission[],
  signal: AbortSignal,
): Promise<Permission[]> {
  const review = await unlessForbidden(rest.call<RulesReview>(rulesReviewRequest(namespace), signal));
  const rules = review?.status?.resourceRules ?? [];
  const open = permissions.filter((permission) => !isListed(permission, rules));
  const answers = await Promise.all(
    open.map((permission) =>
      rest.call<{ status: { allowed: boolean } }>(accessReviewRequest(permission, namespace), signal),
    ),
  );
  return open.filter((_, index) => answers[index]?.status.allowed === false);
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
