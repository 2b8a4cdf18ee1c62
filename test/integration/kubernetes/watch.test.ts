import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test, vi } from 'vitest';
import type { WorkspaceSnapshot } from '../../../src/workspace/state/snapshot.ts';
import { claim, containerStatus, deployment, event, pod } from '../../unit/kubernetes/fixtures.ts';
import { answer, startApiServer } from './api-server.ts';

/** Lists and watches by resource name, as an API server keeps them, with every request on record. */
class Store {
  readonly lists: Record<string, object[]> = {
    deployments: [],
    pods: [],
    services: [],
    persistentvolumeclaims: [],
    events: [],
    replicasets: [],
  };
  readonly requests: string[] = [];
  readonly watchers: { resource: string; selector: string; response: ServerResponse }[] = [];
  version = 1;

  handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'https://x');
    const resource = pathname.split('/').at(-1) ?? '';
    const selector = searchParams.get('fieldSelector') ?? searchParams.get('labelSelector') ?? '';
    const watching = searchParams.get('watch') === '1';
    this.requests.push(`${watching ? 'watch' : 'list'} ${resource} ${selector}`);
    if (!watching) {
      answer(response, { items: this.lists[resource], metadata: { resourceVersion: String(this.version) } });
      return;
    }
    response.writeHead(200).flushHeaders();
    this.watchers.push({ resource, selector, response });
  };

  send(resource: string, type: string, object: object): void {
    this.version += 1;
    const line = {
      type,
      object: {
        ...object,
        metadata: { ...(object as { metadata: object }).metadata, resourceVersion: String(this.version) },
      },
    };
    for (const watcher of this.watchers) {
      if (watcher.resource === resource) watcher.response.write(`${JSON.stringify(line)}\n`);
    }
  }

  /** Resolves when the watches of these resources stand, `times` of each since the start. */
  async watched(resources: string[], times = 1): Promise<void> {
    await eventually(() => {
      for (const resource of resources) {
        const begun = this.requests.filter((request) => request.startsWith(`watch ${resource} `));
        expect(begun.length, resource).toBeGreaterThanOrEqual(times);
      }
    });
  }

  endWatches(resource: string, last?: object): void {
    for (const watcher of this.watchers.splice(0).filter((each) => each.resource === resource)) {
      watcher.response.end(last === undefined ? '' : `${JSON.stringify(last)}\n`);
    }
  }
}

/** What the client follows of a workspace. */
const FOLLOWED = ['deployments', 'pods', 'persistentvolumeclaims'];

function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 60_000, interval: 10 });
}

const READY = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  ...containerStatus({ running: {} }),
};

/** Follows the watch in the background; `until` resolves with the first snapshot that fits. */
function follow(snapshots: AsyncIterable<WorkspaceSnapshot>) {
  const seen: WorkspaceSnapshot[] = [];
  const ended = (async () => {
    for await (const snapshot of snapshots) seen.push(snapshot);
  })();
  ended.catch(() => undefined);
  const until = (fits: (snapshot: WorkspaceSnapshot) => boolean) =>
    eventually(() => expect(seen.some(fits), `the last was ${JSON.stringify(seen.at(-1))}`).toBe(true));
  return { seen, ended, until };
}

test('a snapshot at once, then one for each burst of changes, until the signal fires', async () => {
  const store = new Store();
  await using server = await startApiServer({ request: store.handle });
  const stopped = new AbortController();
  const { seen, ended, until } = follow(server.open().watchWorkspace('dev', stopped.signal));
  await until((snapshot) => snapshot.deployment === undefined);
  await store.watched(FOLLOWED);
  store.send('deployments', 'ADDED', deployment());
  for (let count = 0; count < 20; count += 1) store.send('pods', count === 0 ? 'ADDED' : 'MODIFIED', pod('p'));
  store.send('pods', 'MODIFIED', pod('p', { status: READY }));
  await until((snapshot) => snapshot.pod?.ready === true);
  expect(seen.length).toBeLessThan(8);
  store.send('pods', 'DELETED', pod('p'));
  await until((snapshot) => snapshot.deployment !== undefined && snapshot.pod === undefined);
  stopped.abort();
  await expect(ended).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(store.requests.filter((request) => request.startsWith('list pods'))).toHaveLength(1);
});

test('events are asked for by the object they are about, and only while it is in trouble', async () => {
  const store = new Store();
  store.lists['deployments'] = [deployment('dev', 'ws-dev-home')];
  store.lists['persistentvolumeclaims'] = [claim('ws-dev-home', { status: { phase: 'Pending' } })];
  store.lists['pods'] = [pod('p')];
  await using server = await startApiServer({ request: store.handle });
  const stopped = new AbortController();
  const { until } = follow(server.open().watchWorkspace('dev', stopped.signal));
  await until((snapshot) => snapshot.pod !== undefined);
  await store.watched(['events'], 2);
  expect(store.requests.filter((request) => request.includes(' events ')).toSorted()).toEqual([
    'list events involvedObject.kind=PersistentVolumeClaim,involvedObject.name=ws-dev-home',
    'list events involvedObject.kind=Pod,involvedObject.name=p',
    'watch events involvedObject.kind=PersistentVolumeClaim,involvedObject.name=ws-dev-home',
    'watch events involvedObject.kind=Pod,involvedObject.name=p',
  ]);
  store.send('events', 'ADDED', event('Pod', 'p', 'Pulling', '2026-06-01T10:00:03Z'));
  await until((snapshot) => snapshot.events.some(({ reason }) => reason === 'Pulling'));
  const watcher = store.watchers.find(({ selector }) => selector.endsWith('.name=p'));
  store.send('pods', 'MODIFIED', pod('p', { status: READY }));
  await until((snapshot) => snapshot.pod?.ready === true);
  await eventually(() => expect(watcher?.response.destroyed).toBe(true));
  stopped.abort();
});

test('a refusal is that of the current ReplicaSet, which is asked for only while there is one', async () => {
  const store = new Store();
  await using server = await startApiServer({ request: store.handle });
  const stopped = new AbortController();
  const { until } = follow(server.open().watchWorkspace('dev', stopped.signal));
  await until((snapshot) => snapshot.deployment === undefined);
  await store.watched(FOLLOWED);
  store.send('deployments', 'ADDED', deployment());
  await until((snapshot) => snapshot.deployment !== undefined);
  expect(store.requests.filter((request) => request.includes('replicasets'))).toEqual([]);
  const saying = (message: string) => ({ conditions: [{ type: 'ReplicaFailure', status: 'True', message }] });
  const set = (status: object) => ({
    metadata: { name: 'ws-dev-1', uid: 'uid-replicaset', ownerReferences: [{ uid: 'deployment-dev' }] },
    spec: { replicas: 1 },
    status,
  });
  store.lists['replicasets'] = [set({})];
  store.send('deployments', 'MODIFIED', deployment('dev', 'emptyDir', saying('the old words')));
  await store.watched(['replicasets']);
  store.send('replicasets', 'MODIFIED', set(saying('the new words')));
  await until((snapshot) => snapshot.deployment?.failure === 'the new words');
  const watcher = store.watchers.find(({ resource }) => resource === 'replicasets');
  store.send('deployments', 'MODIFIED', deployment());
  await eventually(() => expect(watcher?.response.destroyed).toBe(true));
  stopped.abort();
});

test('a watch that the server ends goes on where it was, without a new list', async () => {
  const store = new Store();
  store.lists['deployments'] = [deployment()];
  await using server = await startApiServer({ request: store.handle });
  const stopped = new AbortController();
  const { until } = follow(server.open().watchWorkspace('dev', stopped.signal));
  await until((snapshot) => snapshot.deployment !== undefined);
  await store.watched(FOLLOWED);
  store.endWatches('pods');
  await store.watched(['pods'], 2);
  store.send('pods', 'ADDED', pod('p'));
  await until((snapshot) => snapshot.pod?.name === 'p');
  expect(store.requests.filter((request) => request.startsWith('list pods'))).toHaveLength(1);
  stopped.abort();
});

test('a watch that fell behind (410) reads the list again', async () => {
  const store = new Store();
  store.lists['deployments'] = [deployment()];
  await using server = await startApiServer({ request: store.handle });
  const stopped = new AbortController();
  const { until } = follow(server.open().watchWorkspace('dev', stopped.signal));
  await until((snapshot) => snapshot.deployment !== undefined);
  await store.watched(FOLLOWED);
  store.lists['pods'] = [pod('newer')];
  store.endWatches('pods', {
    type: 'ERROR',
    object: { kind: 'Status', code: 410, message: 'too old resource version' },
  });
  await until((snapshot) => snapshot.pod?.name === 'newer');
  stopped.abort();
});

test('a broken connection is taken up again', async () => {
  const store = new Store();
  await using server = await startApiServer({ request: store.handle });
  const stopped = new AbortController();
  const { until } = follow(server.open().watchWorkspace('dev', stopped.signal));
  await until((snapshot) => snapshot.deployment === undefined);
  await store.watched(FOLLOWED);
  server.cutConnections();
  await store.watched(FOLLOWED, 2);
  store.send('deployments', 'ADDED', deployment());
  await until((snapshot) => snapshot.deployment !== undefined);
  stopped.abort();
});

test('a permission that is missing ends the watch with its name', async () => {
  await using server = await startApiServer({
    request: (request, response) => {
      const refused = request.url?.includes('/pods') === true;
      if (refused) answer(response, { message: 'pods is forbidden' }, 403);
      else answer(response, { items: [], metadata: { resourceVersion: '1' } });
    },
  });
  const { ended } = follow(server.open().watchWorkspace('dev', new AbortController().signal));
  await expect(ended).rejects.toMatchObject({
    code: 'NOT_PERMITTED',
    message: 'You may not list pods in namespace team',
  });
});
