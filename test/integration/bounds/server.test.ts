/** What the supervisor and a holder keep has an end, however long they live: ten thousand of each. */
import { EventEmitter } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Client } from 'ssh2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openHolder } from '../../../src/adapters/held-connection/open-holder.ts';
import { runHeld } from '../../../src/adapters/held-connection/run-held.ts';
import { createConnection } from '../../../src/adapters/ssh/connection.ts';
import { HELLO_BYTES, parseAnswer, writeHello } from '../../../src/contract/resume/hello.ts';
import { Door, OWN_LOOPBACK } from '../../../src/supervisor/connections/door.ts';
import { SshServer } from '../../../src/supervisor/connections/server.ts';
import type { Session } from '../../../src/supervisor/connections/session.ts';
import { Metrics } from '../../../src/supervisor/measures/metrics.ts';
import { createLog } from '../../../src/supervisor/output/log.ts';
import { Commands } from '../../../src/supervisor/programs/commands.ts';
import { ResumeServer } from '../../../src/supervisor/resume/resume-server.ts';
import type { SavedSession } from '../../../src/supervisor/returning/saved.ts';
import { Store } from '../../../src/supervisor/returning/store.ts';
import type { ByteStream } from '../../../src/workspace/byte-stream.ts';
import type { SshConnection } from '../../../src/workspace/world.ts';

const MANY = 10_000;
const AT_ONCE = 8;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-bounds-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What is in use, without what the collector has not come to yet. */
function measureHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

const countDescriptors = () => readdirSync('/proc/self/fd').length;

/** Many of a thing, some at a time. */
async function often(work: (n: number) => Promise<void>, count = MANY): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < count; n = next++) await work(n);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

it('of commands that got a signal the newest hundred are remembered', async () => {
  const waited: number[] = [];
  const commands = new Commands({
    listSession: (session) => [{ pid: session, parent: 1, asksToStay: false }],
    kill: () => undefined,
    sleep: async (delayMs) => void waited.push(delayMs),
  });
  for (let command = 1; command <= MANY; command += 1) commands.signal(command, 2);
  const firstWait = async (command: number) => {
    waited.length = 0;
    await commands.leave(command);
    return waited[0];
  };
  const [remembered, forgotten] = [await firstWait(MANY), await firstWait(1)];
  expect([await firstWait(MANY - 99), await firstWait(MANY - 100)]).toEqual([remembered, forgotten]);
  expect(remembered).not.toBe(forgotten);
});

it('of clients that never come back a hundred are waited for, and nothing is left of the others', async () => {
  const log = createLog({ level: 'error', write: () => undefined, nowMs: Date.now });
  const metrics = new Metrics({ version: '1', home: '/', cgroupRoot: '/', startedAtMs: Date.now(), restarts: 0 });
  const door = new Door(0, OWN_LOOPBACK);
  await door.listening;
  let served = 0;
  const server = {
    // As Dropbear: it holds its end until the other one goes.
    async serveCarried(socket: Socket) {
      served += 1;
      socket.resume().on('end', () => socket.destroy());
      return { id: String(served), peer: '127.0.0.1:1', abandon: () => undefined } as unknown as Session;
    },
    hasRoom: () => true,
    observeDescriptors: () => undefined,
  };
  await new ResumeServer({ keptSeconds: 3600 }, door, server, log, metrics).serve();
  const before = countDescriptors();
  await often(async () => {
    const carrier = connect({ port: door.port, host: '127.0.0.1' });
    carrier.write(writeHello({ kind: 'start' }));
    const answer = await new Promise<Buffer>((resolve) => carrier.once('data', resolve));
    expect(parseAnswer(answer.subarray(0, HELLO_BYTES))?.kind).toBe('welcome');
    carrier.destroy();
  });
  expect(served).toBe(MANY);
  await expect.poll(async () => /^ws_connections_lost (\d+)$/m.exec(await metrics.render())?.[1]).toBe('100');
  // Of each that waits: both ends of the way to its Dropbear, which are ours here.
  await expect.poll(countDescriptors).toBeLessThanOrEqual(before + 2 * 100 + AT_ONCE);
  door.close();
});

it('of connections that came and went nothing stays in the server', async () => {
  const log = createLog({ level: 'error', write: () => undefined, nowMs: Date.now });
  const metrics = new Metrics({ version: '1', home: '/', cgroupRoot: '/', startedAtMs: Date.now(), restarts: 0 });
  const door = new Door(0, OWN_LOOPBACK);
  // Instead of Dropbear: it says a few words and ends.
  const command = { program: '/bin/echo', arguments: ['SSH-2.0-echo'], environment: {} };
  const limits = { uid: 4_294_967_294, maxConnections: 100, maxUnauthenticated: 50, loginGraceMs: 600_000 };
  const commands = { signal: () => undefined, leave: async () => 0 };
  const server = new SshServer({ command, resumableCommand: command, commands, ...limits }, door, log, metrics);
  await server.serve();
  const come = () =>
    new Promise<void>((resolve) => {
      const socket = connect({ port: door.port, host: '127.0.0.1' }).on('error', () => undefined);
      // Who has said nothing yet waits for those who have.
      socket.write('SSH-2.0-test\r\n');
      socket.resume().once('close', () => resolve());
    });
  // A process each: fewer than of the others.
  const count = MANY / 5;
  await often(come, count / 4);
  await expect.poll(() => server.sessions.length).toBe(0);
  const [heap, descriptors] = [measureHeap(), countDescriptors()];
  await often(come, count);
  await expect.poll(() => server.sessions.length).toBe(0);
  expect(countDescriptors()).toBeLessThanOrEqual(descriptors + 2);
  // Of each five hundred bytes would be as much.
  expect(measureHeap() - heap).toBeLessThan(1_000_000);
  door.close();
});

it('of saves of the sessions the last one stands there', async () => {
  const store = new Store(folder);
  const kept = path.join(folder, '.local/state/ws/sessions');
  const save = async (n: number) => {
    const scrollback = await store.writeScrollback(`line ${n}\n`);
    const pane = { folder: '/', scrollback, isActive: true };
    const cells = { layout: 'x', columns: 80, rows: 24, isActive: true, isZoomed: false };
    const sessions: SavedSession[] = [{ name: 'main', windows: [{ index: 0, ...cells, panes: [pane] }] }];
    await store.writeIndex(sessions);
  };
  for (let n = 0; n < MANY; n += 1) await save(n);
  expect(readdirSync(kept)).toHaveLength(2);
});

it('of commands over a held connection nothing stays in its holder', async () => {
  const socket = path.join(folder, 'dev.sock');
  const never = new AbortController().signal;
  const opened = await openHolder(socket);
  const connection = {
    exec: async ({ stdout }: { stdout: NodeJS.WritableStream }) => {
      stdout.write('done\n');
      return 7;
    },
    isAlive: async () => true,
    ended: new Promise(() => undefined),
  } as unknown as SshConnection;
  const end = new AbortController();
  const serving = opened?.serve(connection, { idleMs: 600_000, nowMs: () => performance.now() }, end.signal);
  const before = countDescriptors();
  await often(async () => {
    const terminal = {
      stdin: Readable.from([]),
      stdout: new PassThrough().resume(),
      stderr: new PassThrough().resume(),
      termName: undefined,
    };
    expect(await runHeld(socket, 'command', terminal, never)).toBe(7);
  });
  await expect.poll(countDescriptors).toBeLessThanOrEqual(before + 2);
  end.abort();
  await serving;
  expect(readdirSync(folder)).toEqual([]);
});

it('of questions whether a connection is alive nothing stays', async () => {
  const client = Object.assign(new EventEmitter(), {
    unforwardIn: (_host: string, _port: number, answer: () => void) => setImmediate(answer),
  });
  const login = { client: client as unknown as Client, identity: undefined as never };
  const connection = createConnection(login, new PassThrough() as unknown as ByteStream, { agentSocket: undefined });
  const ask = async () => {
    for (let n = 0; n < MANY; n += 1) expect(await connection.isAlive(60_000)).toBe(true);
  };
  await ask();
  const before = measureHeap();
  for (let round = 0; round < 5; round += 1) await ask();
  // Of each a hundred bytes would be five times as much.
  expect(measureHeap() - before).toBeLessThan(1_000_000);
  const last = connection.isAlive(60_000);
  client.unforwardIn = () => undefined as never;
  const unanswered = connection.isAlive(60_000);
  client.emit('close');
  expect([await last, await unanswered]).toEqual([false, false]);
  expect(client.listenerCount('close')).toBe(1);
});

it('descriptors are counted', async () => {
  const before = countDescriptors();
  const server = createServer().listen(path.join(folder, 'one'));
  await new Promise((resolve) => server.once('listening', resolve));
  expect(countDescriptors()).toBe(before + 1);
  await new Promise((resolve) => server.close(resolve));
});
