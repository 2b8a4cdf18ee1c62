/** The server's parts as a real process, while one thing after the other is used up that it needs. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeHello } from '../../../src/contract/resume/hello.ts';

const PROGRAM = path.join(import.meta.dirname, 'server-program.ts');

/** Fewer than the chart's, so that they are soon used up. */
const MOST_UNAUTHENTICATED = 40;

/** No user of this machine: what comes by loopback is then somebody else's than the pod's. */
const NOBODY = 4_294_967_294;

/** As long as the kubelet waits. The server answers in milliseconds; a machine that runs all tests at once may not. */
const PATIENCE_MS = 2000;

let folder: string;
let dropbear: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'faults-'));
  dropbear = path.join(folder, 'dropbear');
  // Greets and waits, as Dropbear does.
  writeFileSync(dropbear, "#!/bin/sh\nprintf 'SSH-2.0-x\\r\\n' >&0\nexec cat >/dev/null\n", { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let server: ChildProcess & { pid: number };
let ports: { ssh: number; http: number; resume: number };
const sockets: Socket[] = [];

beforeEach(() => start(NOBODY));

/** `uid`: whom it takes for the pod's own user. */
async function start(uid: number): Promise<void> {
  const words = [PROGRAM, dropbear, folder, String(MOST_UNAUTHENTICATED), String(uid)];
  server = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] }) as typeof server;
  const [line] = await once(server.stdio[3] as Socket, 'data');
  ports = JSON.parse(String(line));
}

afterEach(stop);

async function stop(): Promise<void> {
  for (const socket of sockets.splice(0)) socket.destroy();
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGKILL');
  await once(server, 'exit');
}

/** Another address of this machine: as somebody who does not come by the pod's loopback. */
const OUTSIDE = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

function open(port: number, host: string): Socket {
  const socket = connect(port, host);
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

async function openMany(count: number, port: number, host: string): Promise<Socket[]> {
  const opened = Array.from({ length: count }, () => open(port, host));
  await Promise.all(opened.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])));
  return opened;
}

/** Whether a new client is greeted, and not hung up on or left alone. */
async function isGreeted(host: string): Promise<boolean> {
  const socket = open(ports.ssh, host);
  const greeted = await Promise.race([
    once(socket, 'data').then(() => true),
    once(socket, 'close').then(() => false),
    sleep(20_000, false, { ref: false }),
  ]);
  socket.destroy();
  return greeted;
}

/** Status and milliseconds of an answer, as the kubelet asks. */
function ask(where: string): Promise<{ status: number | undefined; tookMs: number }> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const finish = (status: number | undefined) => resolve({ status, tookMs: performance.now() - begun });
    const asked = request(
      { port: ports.http, host: '127.0.0.1', path: where, agent: false, timeout: 5000 },
      (answer) => {
        answer.resume().on('end', () => finish(answer.statusCode));
      },
    );
    asked.on('error', () => finish(undefined)).on('timeout', () => asked.destroy());
    asked.end();
  });
}

async function expectHealth(): Promise<void> {
  for (const where of ['/healthz', '/readyz']) {
    const { status, tookMs } = await ask(where);
    expect([where, status]).toEqual([where, 200]);
    expect(tookMs, where).toBeLessThan(PATIENCE_MS);
  }
}

function countChildren(): number {
  return readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'latin1').split(' ').filter(Boolean).length;
}

const setDescriptors = (count: number) =>
  execFileSync('prlimit', ['--pid', String(server.pid), `--nofile=${count}:1000`]);

/** The most that it had open, of what was seen. */
function watchDescriptors() {
  const peak = { most: 0, [Symbol.dispose]: () => clearInterval(timer) };
  const timer = setInterval(() => {
    peak.most = Math.max(peak.most, readdirSync(`/proc/${server.pid}/fd`).length);
  }, 1);
  return peak;
}

describe('a server', () => {
  it('Q1P4-HEALTH: answers and serves while 500 silent connections hold its health port and descriptors are few', async () => {
    setDescriptors(400);
    await openMany(500, ports.http, '127.0.0.1');
    expect(readdirSync(`/proc/${server.pid}/fd`).length).toBeLessThan(200);
    await expectHealth();
    expect(await isGreeted('127.0.0.1')).toBe(true);
  });

  it('Q1P4-HEALTH: closes what says nothing on its health port', async () => {
    const [socket] = await openMany(1, ports.http, '127.0.0.1');
    const begun = performance.now();
    socket?.resume();
    await once(socket as Socket, 'close');
    expect(performance.now() - begun).toBeLessThan(12_000);
  });

  it('Q1P4-HEALTH: starts one greeting for 500 who ask whether it is ready', async () => {
    let most = 0;
    const asking = Promise.all(Array.from({ length: 500 }, () => ask('/readyz')));
    for (let look = 0; look < 20; look += 1) {
      most = Math.max(most, countChildren());
      await sleep(20);
    }
    await asking;
    expect(most).toBeLessThanOrEqual(2);
    await expectHealth();
  });

  it.runIf(OUTSIDE !== undefined)(
    'Q1P4-HEALTH: serves those who come by the API server, and answers, while one address holds all it can',
    async () => {
      const silent = await openMany(395, ports.ssh, OUTSIDE ?? '');
      await sleep(500);
      expect(countChildren()).toBeLessThanOrEqual(MOST_UNAUTHENTICATED + 2);
      for (let time = 0; time < 5; time += 1) expect(await isGreeted('127.0.0.1')).toBe(true);
      await expectHealth();
      // The same address gets in again as soon as the silent ones have had the time of a login.
      await vi.waitFor(async () => expect(await isGreeted(OUTSIDE ?? '')).toBe(true), {
        timeout: 60_000,
        interval: 500,
      });
      expect(silent.length).toBe(395);
    },
  );

  it('Q1P4-HEALTH: tells programs of the pod from those who come by the API server', async () => {
    await stop();
    await start(process.getuid?.() ?? 0);
    await openMany(100, ports.ssh, '127.0.0.1');
    await expectHealth();
    // All of them are this user's, so the newcomer is one more of them: what was there has to have had the time of a
    // login.
    expect(await isGreeted('127.0.0.1')).toBe(false);
    if (OUTSIDE !== undefined) expect(await isGreeted(OUTSIDE)).toBe(true);
  });

  it('P3R8-SHELL: serves a login before the silent ones that came just before it', async () => {
    let greeted = 0;
    for (const socket of await openMany(MOST_UNAUTHENTICATED - 2, ports.ssh, '127.0.0.1'))
      socket.once('data', () => (greeted += 1));
    const login = open(ports.ssh, '127.0.0.1');
    login.write('SSH-2.0-login\r\n');
    await once(login, 'data');
    expect(greeted).toBeLessThan(MOST_UNAUTHENTICATED / 3);
    await vi.waitFor(() => expect(greeted).toBe(MOST_UNAUTHENTICATED - 2), { timeout: 60_000 });
  });

  it('Q1P4-HEALTH: keeps descriptors for its probes when connections use up the others', async () => {
    setDescriptors(80);
    using peak = watchDescriptors();
    await openMany(100, ports.ssh, '127.0.0.1');
    await expectHealth();
    expect(peak.most).toBeLessThan(80);
    await vi.waitFor(async () => expect(await isGreeted('127.0.0.1')).toBe(true), { timeout: 60_000, interval: 500 });
    expect(server.exitCode).toBeNull();
  });

  it('Q1P4-HEALTH: keeps them from connections that are carried, which take more of them', async () => {
    setDescriptors(120);
    using peak = watchDescriptors();
    for (const carrier of await openMany(60, ports.resume, '127.0.0.1')) carrier.write(writeHello({ kind: 'start' }));
    await expectHealth();
    await vi.waitFor(async () => expect(await isGreeted('127.0.0.1')).toBe(true), { timeout: 60_000, interval: 500 });
    expect(peak.most).toBeLessThan(120);
    expect(server.exitCode).toBeNull();
  });

  it('Q1P4-HEALTH: loses a connection, and nothing else, when no process can be started', async () => {
    await expectHealth();
    // Less than what is open already: neither a pipe nor a socket more.
    setDescriptors(readdirSync(`/proc/${server.pid}/fd`).length + 1);
    expect(await isGreeted('127.0.0.1')).toBe(false);
    expect(await isGreeted('127.0.0.1')).toBe(false);
    setDescriptors(1000);
    expect(await isGreeted('127.0.0.1')).toBe(true);
    await expectHealth();
  });

  it('Q1P4-HEALTH K5G2-STRUCT: goes on when nobody reads its log, and tells afterwards what is missing', async () => {
    server.stdout?.pause();
    server.kill('SIGUSR2');
    await sleep(500);
    expect(await isGreeted('127.0.0.1')).toBe(true);
    await expectHealth();
    let text = '';
    server.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    server.stdout?.resume();
    const read = () =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    await vi.waitFor(() => expect(text.includes('"event":"log.lost"')).toBe(true), 60_000);
    const lost = read().find(({ event }) => event === 'log.lost');
    const written = read().filter(({ event }) => event === 'test.filler');
    expect(written.map(({ reason }) => Number(reason))).toEqual(written.map((_line, index) => index));
    expect(Number(lost?.['lost'])).toBeGreaterThanOrEqual(20_000 - written.length);
  });

  it('Q1P4-HEALTH K5G2-STRUCT: goes on when the reader of its log is gone', async () => {
    server.stdout?.destroy();
    for (let time = 0; time < 5; time += 1) expect(await isGreeted('127.0.0.1')).toBe(true);
    await expectHealth();
    expect(server.exitCode).toBeNull();
  });
});
