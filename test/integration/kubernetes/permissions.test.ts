import { expect, test } from 'vitest';
import type { Permission } from '../../../src/workspace/world.ts';
import { answer, startApiServer } from './api-server.ts';

const SIGNAL = new AbortController().signal;
const LISTED: Permission = { group: '', resource: 'secrets', verb: 'create' };
const WEBHOOKS: Permission = { group: 'apps', resource: 'deployments', verb: 'create' };
const MISSING: Permission = { group: '', resource: 'pods', subresource: 'portforward', verb: 'get' };

/**
 * Lists the first permission, gives the second all the same, and refuses the third. `rulesStatus` is of the list's
 * answer.
 */
function startAuthorizer(asked: string[], rulesStatus = 200) {
  return startApiServer({
    request: async (request, response) => {
      let text = '';
      for await (const part of request) text += part;
      const { kind, spec } = JSON.parse(text) as { kind: string; spec: { resourceAttributes: Permission } };
      asked.push(kind === 'SelfSubjectAccessReview' ? spec.resourceAttributes.resource : kind);
      if (kind === 'SelfSubjectAccessReview')
        return answer(response, { status: { allowed: spec.resourceAttributes.resource !== 'pods' } });
      const resourceRules = [{ verbs: ['*'], apiGroups: [''], resources: ['secrets'] }];
      const document = rulesStatus === 200 ? { status: { resourceRules, incomplete: true } } : { message: 'no' };
      return answer(response, document, rulesStatus);
    },
  });
}

test('what the list of rules gives is asked no more, the rest one by one', async () => {
  const asked: string[] = [];
  await using server = await startAuthorizer(asked);
  const cluster = server.open();
  expect(await cluster.findMissingPermissions([LISTED, LISTED], SIGNAL)).toEqual([]);
  expect(asked.splice(0)).toEqual(['SelfSubjectRulesReview']);
  expect(await cluster.findMissingPermissions([LISTED, WEBHOOKS, MISSING], SIGNAL)).toEqual([MISSING]);
  expect(asked.toSorted()).toEqual(['SelfSubjectRulesReview', 'deployments', 'pods']);
});

test('where the list may not be had, each permission is asked for', async () => {
  const asked: string[] = [];
  await using server = await startAuthorizer(asked, 403);
  expect(await server.open().findMissingPermissions([LISTED, MISSING], SIGNAL)).toEqual([MISSING]);
  expect(asked.toSorted()).toEqual(['SelfSubjectRulesReview', 'pods', 'secrets']);
});

/** Refuses lists of these kinds. */
function startRefusing(kinds: readonly string[]) {
  return startApiServer({
    request: (request, response) => {
      const kind = new URL(request.url ?? '', 'https://x').pathname.split('/').at(-1) ?? '';
      if (kinds.includes(kind)) answer(response, { message: `${kind} is forbidden` }, 403);
      else answer(response, { items: [] });
    },
  });
}

test('whoever may not list workspaces is told of all rights that are missing, in one error', async () => {
  await using server = await startRefusing(['pods', 'deployments', 'persistentvolumeclaims']);
  const cluster = server.open();
  await expect(cluster.listAllWorkspaces(SIGNAL)).rejects.toMatchObject({
    code: 'NOT_PERMITTED',
    message: 'You may not list deployments, pods or persistentvolumeclaims',
    suggestions: [
      { words: ['auth', 'can-i', 'list', 'deployments', '--all-namespaces'] },
      { text: expect.stringMatching(/a ClusterRole that .* "deployments", "pods" and "persistentvolumeclaims"$/) },
    ],
  });
  const here = { message: 'You may not list deployments, pods or persistentvolumeclaims in namespace team' };
  await expect(cluster.listWorkspaces(SIGNAL)).rejects.toMatchObject(here);
  await expect(cluster.findWorkspace('dev', SIGNAL)).rejects.toMatchObject(here);
});

test('one right that is missing has the reason of the API server', async () => {
  await using server = await startRefusing(['services', 'secrets']);
  await expect(server.open().listAllWorkspaces(SIGNAL)).rejects.toMatchObject({
    message: 'You may not list services',
    reason: 'services is forbidden',
  });
});
