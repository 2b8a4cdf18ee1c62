import { expect, test } from 'vitest';
import { Mirror } from '../../../../src/adapters/kubernetes/api/mirror.ts';
import type { ApiRequest, RestClient } from '../../../../src/adapters/kubernetes/api/rest.ts';
import { ApiRefusal, toApiError } from '../../../../src/adapters/kubernetes/api/translate.ts';

const SERVER = new URL('https://api.test');
const REQUEST: ApiRequest = { verb: 'list', resource: 'pods', namespace: 'n', path: '/pods' };
const TIMES = { outageMs: 200, refusalMs: 50, firstRetryMs: 5, lastRetryMs: 20, watchMs: 60_000 };
const NEVER = new AbortController().signal;
const refusal = (statusCode: number) => toApiError(new ApiRefusal(statusCode, {}), REQUEST, SERVER);

/** Answers lists and watches, counted, as the test says. */
function mirrorOf(list: (count: number) => object, watch: (count: number) => AsyncIterable<string>) {
  const counts = { lists: 0, watches: 0 };
  const asked: ApiRequest[] = [];
  const rest = {
    server: SERVER,
    async call() {
      counts.lists += 1;
      return list(counts.lists);
    },
    stream(request: ApiRequest) {
      asked.push(request);
      counts.watches += 1;
      return watch(counts.watches);
    },
  };
  return { mirror: new Mirror(rest as unknown as RestClient, REQUEST, TIMES), counts, asked };
}

const toList = () => ({ items: [], metadata: { resourceVersion: '1' } });

async function* failing(statusCode: number): AsyncGenerator<string> {
  throw refusal(statusCode);
}

test('a list that has to be read again is waited for, as a watch is', async () => {
  const stopped = new AbortController();
  const { mirror, counts } = mirrorOf(
    (count) => {
      if (count === 2 || count === 3) throw refusal(500);
      if (count === 4) stopped.abort();
      return toList();
    },
    () => failing(410),
  );
  await mirror.load(NEVER);
  await mirror.follow(() => undefined, stopped.signal);
  expect(counts.lists).toBe(4);
});

test('an outage that lasts ends it, with fewer and fewer tries', async () => {
  const { mirror, counts } = mirrorOf(toList, () => failing(503));
  await mirror.load(NEVER);
  await expect(mirror.follow(() => undefined, NEVER)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
  expect(counts.watches).toBeGreaterThan(3);
  expect(counts.watches).toBeLessThan(25);
});

test('a refusal ends it at once, and in an outage after a moment: a server that starts does not know all rights', async () => {
  const plain = mirrorOf(toList, () => failing(403));
  await plain.mirror.load(NEVER);
  await expect(plain.mirror.follow(() => undefined, NEVER)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
  expect(plain.counts.watches).toBe(1);
  const starting = mirrorOf(toList, (count) => failing(count === 1 ? 503 : 403));
  await starting.mirror.load(NEVER);
  await expect(starting.mirror.follow(() => undefined, NEVER)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
  expect(starting.counts.watches).toBeGreaterThan(2);
});

test('each watch has an end, which the server is told', async () => {
  const { mirror, asked } = mirrorOf(toList, () => failing(403));
  await mirror.load(NEVER);
  await mirror.follow(() => undefined, NEVER).catch(() => undefined);
  expect(asked[0]?.query).toMatchObject({ timeoutSeconds: '60', allowWatchBookmarks: 'true', resourceVersion: '1' });
});

test('of a list without end the newest are kept', async () => {
  const stopped = new AbortController();
  const { mirror } = mirrorOf(toList, async function* () {
    for (let index = 0; index < 1500; index += 1)
      yield JSON.stringify({ type: 'ADDED', object: { metadata: { uid: `${index}`, resourceVersion: `${index}` } } });
    stopped.abort();
  });
  await mirror.load(NEVER);
  await mirror.follow(() => undefined, stopped.signal);
  expect(mirror.items).toHaveLength(1000);
  expect(mirror.items.at(-1)?.metadata?.uid).toBe('1499');
});
