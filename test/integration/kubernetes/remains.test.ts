import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { REMAINING } from '../../../src/adapters/kubernetes/changes/remains.ts';
import { NEVER } from '../../unit/operations/fake-world.ts';
import { answer, startApiServer } from './api-server.ts';

const OWN = { 'meta.helm.sh/release-name': 'ws-dev', 'meta.helm.sh/release-namespace': 'team' };
const object = (name: string, annotations: object = OWN, more: object = {}) => ({
  metadata: { name, uid: `uid-${name}`, annotations, ...more },
});

/** Roles may not be listed, the cluster has no pod monitors, and nothing else is there of other kinds. */
const LISTS: Record<string, object[]> = {
  deployments: [
    object('ws-dev-idle'),
    object('borrowed', {}),
    object('other-release', { ...OWN, 'meta.helm.sh/release-name': 'web' }),
    object('other-namespace', { ...OWN, 'meta.helm.sh/release-namespace': 'prod' }),
    object('ending', OWN, { deletionTimestamp: '2026-06-01T10:00:00Z' }),
  ],
  secrets: [object('ws-dev-keys'), object('ws-dev-host-key', { ...OWN, 'helm.sh/resource-policy': 'keep' })],
  serviceaccounts: [object('ws-dev-idle')],
};
const REFUSALS: Record<string, number> = { roles: 403, rolebindings: 403, podmonitors: 404 };

async function open(statusOf: (path: string) => number) {
  const requests: string[] = [];
  const server = await startApiServer({
    request: (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'https://x');
      const resource = pathname.split('/').at(-1) ?? '';
      if (request.method === 'GET') {
        requests.push(`${resource} ${searchParams.get('labelSelector')}`);
        const code = REFUSALS[resource];
        return code === undefined ? answer(response, { items: LISTS[resource] ?? [] }) : answer(response, {}, code);
      }
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => {
        const name = pathname.split('/').slice(-2).join('/');
        requests.push(`${request.method} ${name} ${body}`);
        answer(response, {}, statusOf(name));
      });
    },
  });
  return { server, requests };
}

it('lists what the release has left of all kinds that may be listed, and nothing of others', async () => {
  const { server, requests } = await open(() => 200);
  await using _ = server;
  const found = await server.open().remains.list('ws-dev', NEVER);
  expect(found).toEqual([
    { resource: 'deployments', name: 'ws-dev-idle', uid: 'uid-ws-dev-idle' },
    { resource: 'secrets', name: 'ws-dev-keys', uid: 'uid-ws-dev-keys' },
    { resource: 'serviceaccounts', name: 'ws-dev-idle', uid: 'uid-ws-dev-idle' },
  ]);
  const asked = Object.values(REMAINING).map((resource) => `${resource} app.kubernetes.io/instance=ws-dev`);
  expect(requests.toSorted()).toEqual(asked.toSorted());
});

it('deletes each by its UID, goes on where one is refused, and says so', async () => {
  const status: Record<string, number> = {
    'deployments/a': 404,
    'services/b': 409,
    'secrets/c': 403,
    'configmaps/d': 200,
  };
  const { server, requests } = await open((name) => status[name] ?? 500);
  await using _ = server;
  const remains = Object.keys(status).map((each) => {
    const [resource = '', name = ''] = each.split('/');
    return { resource, name, uid: name };
  });
  await expect(server.open().remains.delete(remains, NEVER)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
  expect(requests).toEqual(
    remains.map(({ resource, name }) => `DELETE ${resource}/${name} {"preconditions":{"uid":"${name}"}}`),
  );
  await server.open().remains.delete(remains.slice(0, 2), NEVER);
});

it('knows every kind that the chart makes, but for homes and the pod of helm test', () => {
  const folder = path.resolve(import.meta.dirname, '../../../chart/templates');
  const kinds = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => [...readFileSync(path.join(folder, file), 'utf8').matchAll(/^kind: (\w+)/gm)])
    .map(([, kind = '']) => kind);
  expect(new Set(kinds)).toEqual(new Set([...Object.keys(REMAINING), 'PersistentVolumeClaim']));
});
