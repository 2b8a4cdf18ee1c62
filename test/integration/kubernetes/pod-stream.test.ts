import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { saying } from '../../spelling.ts';
import { startApiServer } from './api-server.ts';

const SIGNAL = new AbortController().signal;
const MIB = 1024 * 1024;

/** Sends data messages as fast as the socket takes them, and no faster. */
async function sendAll(socket: WebSocket, total: number): Promise<void> {
  const message = Buffer.alloc(1 + 32 * 1024, 7);
  message[0] = 0;
  for (let sent = 0; sent < total && socket.readyState === socket.OPEN; sent += message.length - 1) {
    await new Promise<void>((resolve) => socket.send(message, () => resolve()));
  }
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

test('bytes go through unchanged in both directions, and the stream ends when the server closes', async () => {
  await using server = await startApiServer({
    forward: (socket) => {
      let received = 0;
      socket.on('message', (message: Buffer) => {
        received += message.length - 1;
        socket.send(message);
        if (received === MIB) socket.close();
      });
    },
  });
  const stream = await server.open().openPodStream('p', 2222, SIGNAL);
  const sent = Buffer.from(Array.from({ length: MIB }, (_, index) => (index * 7 + (index >> 8)) % 256));
  stream.write(sent.subarray(0, 10));
  stream.write(sent.subarray(10));
  expect((await collect(stream)).equals(sent)).toBe(true);
});

test('1 GiB to a slow reader keeps memory bounded, because the server is held back', async () => {
  let sent = 0;
  await using server = await startApiServer({
    forward: async (socket) => {
      const message = Buffer.alloc(1 + 64 * 1024, 7);
      message[0] = 0;
      while (sent < 1024 * MIB && socket.readyState === socket.OPEN) {
        await new Promise<void>((resolve) => socket.send(message, () => resolve()));
        sent += message.length - 1;
      }
      socket.close();
    },
  });
  const stream = await server.open().openPodStream('p', 2222, SIGNAL);
  let received = 0;
  let largestLead = 0;
  let largestRss = 0;
  const before = process.memoryUsage().rss;
  const slow = new Writable({
    highWaterMark: 64 * 1024,
    write(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      largestLead = Math.max(largestLead, sent - received);
      largestRss = Math.max(largestRss, process.memoryUsage.rss());
      // Slow in steps: a stall of some milliseconds for each 4 MiB.
      if (received % (4 * MIB) < chunk.length) setTimeout(done, 20);
      else done();
    },
  });
  await pipeline(stream, slow);
  expect(received).toBe(1024 * MIB);
  // What is under way is in kernel buffers and the two high-water marks, not in our memory.
  expect(largestLead).toBeLessThan(32 * MIB);
  expect(largestRss - before).toBeLessThan(150 * MIB);
});

test('a server that does not read holds the writer back', async () => {
  await using server = await startApiServer({ forward: (_socket, raw) => void raw.pause() });
  const stream = await server.open().openPodStream('p', 2222, SIGNAL);
  const chunk = Buffer.alloc(64 * 1024);
  let written = 0;
  const writing = (async () => {
    while (written < 512 * MIB) {
      if (!stream.write(chunk)) await new Promise((resolve) => stream.once('drain', resolve));
      written += chunk.length;
    }
  })();
  await sleep(1000);
  const stalledAt = written;
  await sleep(500);
  expect(written).toBe(stalledAt);
  expect(written).toBeLessThan(64 * MIB);
  stream.on('error', () => undefined).destroy();
  writing.catch(() => undefined);
});

test("the server's error text becomes the stream's error", async () => {
  await using server = await startApiServer({
    forward: (socket) =>
      socket.send(Buffer.from('\u0001error forwarding port 9: dial tcp4 127.0.0.1:9: connect: connection refused')),
  });
  const stream = await server.open().openPodStream('p', 9, SIGNAL);
  await expect(collect(stream)).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    reason: 'nothing listens on port 9 in the pod',
  });
});

test('a stream that nobody opens names the node, which Kubernetes may still call ready', async () => {
  await using server = await startApiServer({ isSilent: true });
  const onAsked = vi.fn();
  await expect(server.open().openPodStream('p', 2222, SIGNAL, { openLimitMs: 300, onAsked })).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    reason: expect.stringMatching(/within 0\.3 s; the pod's node or its container runtime may not answer$/),
    suggestions: [saying('ws status'), saying('kubectl get nodes')],
  });
  // The request went out, and nothing answered.
  expect(onAsked).toHaveBeenCalledTimes(1);
});

test('a connection that is cut is told as lost, not as ended', async () => {
  await using server = await startApiServer({ forward: (socket) => void sendAll(socket, 100) });
  const stream = await server.open().openPodStream('p', 2222, SIGNAL);
  const reading = collect(stream);
  await sleep(100);
  server.cutConnections();
  await expect(reading).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
});

test('ending the writing side delivers what is still on its way, then closes', async () => {
  let got = '';
  await using server = await startApiServer({
    forward: (socket) => {
      socket.on('message', (message: Buffer) => (got += message.toString('utf8', 1)));
      socket.send(Buffer.from('\u0000late words'));
    },
  });
  const stream = await server.open().openPodStream('p', 2222, SIGNAL);
  stream.end('last words');
  expect((await collect(stream)).toString()).toBe('late words');
  expect(got).toBe('last words');
});

test.each(['create', 'get'])('a refused stream names the permission that is missing: %s', async (verb) => {
  const message = `pods "p" is forbidden: User "u" cannot ${verb} resource "pods/portforward" in API group ""`;
  await using server = await startApiServer({ refuseForward: message });
  await expect(server.open({ environment: { PATH: '' } }).openPodStream('p', 1, SIGNAL)).rejects.toMatchObject({
    code: 'NOT_PERMITTED',
    message: `You may not ${verb} pods/portforward in namespace team`,
    reason: expect.stringMatching(
      /^pods "p" is forbidden: .*\npods\/exec was tried instead: You may not (?:get|create) pods\/exec/,
    ),
  });
});

test.each([
  ['that knows no WebSocket', 400, true],
  ['that says no', 403, true],
  ['whose API server is away', 502, false],
])(
  'a refused stream says whether the next try would end in the same: of a proxy %s',
  async (_which, statusCode, isLasting) => {
    await using server = await startApiServer({
      refuse: () => ({ statusCode, headers: {} }),
      refusalText: '<html>no</html>',
    });
    const opening = server.open({ environment: { PATH: '' } }).openPodStream('p', 1, SIGNAL);
    await expect(opening).rejects.toMatchObject({ code: 'CONNECTION_FAILED', isLasting });
  },
);

test('an interrupt while it opens ends the opening', async () => {
  await using server = await startApiServer({});
  await expect(server.open().openPodStream('p', 1, AbortSignal.abort())).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

test('many streams share nothing: one slow reader does not hold up another', async () => {
  await using server = await startApiServer({
    forward: (socket) => void sendAll(socket, 8 * MIB).then(() => socket.close()),
  });
  const cluster = server.open();
  const stuck = await cluster.openPodStream('p', 2222, SIGNAL);
  const streams = await Promise.all(Array.from({ length: 5 }, () => cluster.openPodStream('p', 2222, SIGNAL)));
  const sizes = await Promise.all(streams.map(async (stream) => (await collect(stream)).length));
  expect(sizes).toEqual(Array.from({ length: 5 }, () => 8 * MIB));
  expect((await collect(stuck)).length).toBe(8 * MIB);
});
