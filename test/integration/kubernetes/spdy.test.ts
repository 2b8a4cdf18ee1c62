/** The way by the user's kubectl, with a program in its place that listens and forwards as kubectl does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type KubectlPlace, openSpdy } from '../../../src/adapters/kubernetes/ways/open-spdy.ts';
import { countProcesses } from './exec-runtime.ts';

const SIGNAL = new AbortController().signal;
const ADDRESS = { namespace: 'team', pod: 'p', port: 2222 };

/** Echoes each connection, and writes down how it was started. */
const ECHO = `
const { createServer } = require('node:net');
const { writeFileSync } = require('node:fs');
const server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
server.listen(0, '127.0.0.1', () => {
  const { KUBECTL_PORT_FORWARD_WEBSOCKETS: websockets, KUBECONFIG: config } = process.env;
  writeFileSync(__filename + '.json', JSON.stringify({ words: process.argv.slice(2), websockets, config }));
  console.log('Forwarding from 127.0.0.1:' + server.address().port + ' -> 2222');
});
`;

let folder: string;
let place: KubectlPlace;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-kubectl-'));
  place = { environment: { PATH: folder, KUBECONFIG: '/k' }, kubeconfig: '/other', context: 'work' };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const program = () => path.join(folder, 'kubectl');

function install(script: string): void {
  writeFileSync(program(), `#!${process.execPath}\n${script}`);
  chmodSync(program(), 0o755);
}

function awaitGone(): Promise<void> {
  return vi.waitFor(() => expect(countProcesses(program())).toBe(0), { timeout: 30_000 });
}

test('it is started for the place, without WebSockets, carries bytes, and ends with the stream', async () => {
  install(ECHO);
  const stream = await openSpdy(place, ADDRESS, SIGNAL, {});
  expect(JSON.parse(readFileSync(`${program()}.json`, 'utf8'))).toEqual({
    words: [
      ...['port-forward', 'pod/p', ':2222', '--address', '127.0.0.1', '--namespace', 'team'],
      ...['--context', 'work', '--kubeconfig', '/other'],
    ],
    websockets: 'false',
    config: '/k',
  });
  stream.write('there and back');
  expect(String((await once(stream, 'data'))[0])).toBe('there and back');
  expect(countProcesses(program())).toBeGreaterThan(0);
  stream.destroy();
  await awaitGone();
});

test('in a pod it is not told which context', async () => {
  install(ECHO);
  const stream = await openSpdy({ ...place, kubeconfig: undefined, context: undefined }, ADDRESS, SIGNAL, {});
  expect(readFileSync(`${program()}.json`, 'utf8')).not.toMatch(/--context|--kubeconfig/);
  stream.destroy();
  await awaitGone();
});

test.each([
  [
    "console.error('error: error upgrading connection: pods is forbidden'); process.exit(1)",
    'error upgrading connection: pods is forbidden',
  ],
  ['process.exit(3)', 'kubectl ended without a word'],
])('one that ends says why: %s', async (script, reason) => {
  install(script);
  await expect(openSpdy(place, ADDRESS, SIGNAL, {})).rejects.toMatchObject({ code: 'CONNECTION_FAILED', reason });
  await awaitGone();
});

test('one that never listens is given up, and ended', async () => {
  install('setInterval(() => undefined, 1000)');
  await expect(openSpdy(place, ADDRESS, SIGNAL, { openLimitMs: 1000 })).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    reason: 'kubectl has not opened it within 1 s',
  });
  await awaitGone();
});

test('an interrupt while it opens ends it', async () => {
  install('setInterval(() => undefined, 1000)');
  const life = new AbortController();
  const opening = openSpdy(place, ADDRESS, life.signal, {});
  await vi.waitFor(() => expect(countProcesses(program())).toBeGreaterThan(0), { timeout: 30_000 });
  life.abort();
  await expect(opening).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await awaitGone();
});

test('what it says of a connection that it could not carry becomes the reason', async () => {
  const said =
    'E1130 02:20:00.000000    4711 portforward.go:404] "Unhandled Error" err="an error occurred forwarding 1 -> 2222: error forwarding port 2222 to pod x, uid : dial tcp4 127.0.0.1:2222: connect: connection refused"';
  install(ECHO.replace('.pipe(socket)', `.once('data', () => console.error(${JSON.stringify(said)}))`));
  const stream = await openSpdy(place, ADDRESS, SIGNAL, {});
  stream.write('x');
  const [error] = await once(stream, 'error');
  expect(error).toMatchObject({ code: 'CONNECTION_FAILED', reason: 'nothing listens on port 2222 in the pod' });
  await awaitGone();
});

test('without kubectl, and where it may not be started, there is no such way', async () => {
  await expect(openSpdy(place, ADDRESS, SIGNAL, {})).rejects.toMatchObject({ reason: 'kubectl is not on PATH' });
  await expect(openSpdy(undefined, ADDRESS, SIGNAL, {})).rejects.toMatchObject({
    reason: 'kubectl is not started for this',
  });
});

test('it ends with a process that is killed', async () => {
  install(ECHO);
  const module = pathToFileURL(path.resolve('src/adapters/kubernetes/ways/open-spdy.ts')).href;
  const script = `import(${JSON.stringify(module)}).then(({ openSpdy }) =>
    openSpdy(${JSON.stringify(place)}, ${JSON.stringify(ADDRESS)}, new AbortController().signal, {}))`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: 'inherit' });
  await vi.waitFor(() => expect(existsSync(`${program()}.json`)).toBe(true), { timeout: 30_000 });
  expect(countProcesses(program())).toBeGreaterThan(0);
  parent.kill('SIGKILL');
  await awaitGone();
});
