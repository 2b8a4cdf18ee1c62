import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from './cluster-under-test.ts';

const SIGNAL = new AbortController().signal;
const MIB = 1024 * 1024;
const SIZE = 64 * MIB;

/** busybox as four servers: an echo, a counter, a source, and one that says a word and closes. */
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'servers' },
  spec: {
    terminationGracePeriodSeconds: 0,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      server('echo', 9000, 'cat'),
      server('counter', 9001, `head -c ${SIZE} | /bin/busybox wc -c`),
      server('source', 9002, `head -c 1 >/dev/null; /bin/busybox head -c ${SIZE} /dev/zero`),
      server('word', 9003, 'echo bye'),
    ],
  },
};

function server(name: string, port: number, command: string) {
  return {
    name,
    image: 'localhost/shell:1',
    imagePullPolicy: 'Never',
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    command: ['/bin/busybox', 'nc', '-ll', '-p', String(port), '-e', '/bin/sh', '-c', `/bin/busybox ${command}`],
  };
}

let namespace: TestNamespace;
beforeAll(() => {
  namespace = makeNamespace('stream');
  kubectl(['-n', namespace.name, 'apply', '-f', '-'], JSON.stringify(POD));
  kubectl(['-n', namespace.name, 'wait', 'pod/servers', '--for=condition=Ready', '--timeout=60s']);
});
afterAll(() => namespace[Symbol.dispose]());

function open(port: number) {
  return namespace.cluster.openPodStream('servers', port, SIGNAL);
}

test('bytes come back as they were sent', async () => {
  const stream = await open(9000);
  const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 256));
  stream.write(sent);
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length === sent.length) break;
  }
  expect(Buffer.concat(parts).equals(sent)).toBe(true);
});

test('a bulk upload arrives whole, with the writer held back', async () => {
  const stream = await open(9001);
  let answer = '';
  stream.on('data', (part: Buffer) => {
    answer += part;
  });
  const chunk = Buffer.alloc(64 * 1024, 1);
  for (let written = 0; written < SIZE; written += chunk.length) {
    if (!stream.write(chunk)) await once(stream, 'drain');
    expect(stream.writableLength).toBeLessThan(4 * MIB);
  }
  await once(stream, 'end');
  expect(answer.trim()).toBe(String(SIZE));
});

test('a bulk download arrives whole', async () => {
  const stream = await open(9002);
  stream.write('!');
  let length = 0;
  for await (const part of stream as AsyncIterable<Buffer>) length += part.length;
  expect(length).toBe(SIZE);
});

test('the stream ends when the server in the pod closes', async () => {
  let said = '';
  for await (const part of await open(9003)) said += part;
  expect(said).toBe('bye\n');
});

test('a port that nobody serves says so', async () => {
  const stream = await open(9999);
  stream.resume();
  const [error] = await once(stream, 'error').catch((cause: unknown) => [cause]);
  expect(error).toMatchObject({ code: 'CONNECTION_FAILED', reason: 'nothing listens on port 9999 in the pod' });
});

test('a pod that is not there says so', async () => {
  await expect(namespace.cluster.openPodStream('nobody', 1, SIGNAL)).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    reason: expect.stringContaining('"nobody" not found'),
  });
});

test('8 streams at once, none of which gets what is another one’s', async () => {
  const words = Array.from({ length: 8 }, (_, index) => `word ${index}\n`.repeat(1000));
  const streams = [];
  // Opened in turn: busybox keeps few that wait, and it is not what is tried here.
  for (const _ of words) streams.push(await open(9000));
  const heard = await Promise.all(
    streams.map(async (stream, index) => {
      stream.write(words[index]);
      let said = '';
      for await (const part of stream) {
        said += part;
        if (said.length >= (words[index]?.length ?? 0)) break;
      }
      return said;
    }),
  );
  expect(heard).toEqual(words);
});
