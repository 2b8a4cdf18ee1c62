/** The ways to a pod where a WebSocket port-forward is forbidden, refused on the way, or carries nothing. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { getKubeconfig, kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { eventually } from '../../operator/release.ts';
import { startApiProxy } from '../../support/api-proxy.ts';
import { waitForGreeting } from '../../support/node-port.ts';
import { startTcpRelay } from '../../support/tcp-relay.ts';
import { finish, makePerson, type Person } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;

const inPlace = (...words: string[]) => kubectl(['-n', place.name, ...words]);

beforeAll(async () => {
  place = makeNamespace('app-ways');
  person = makePerson(place.name);
  await Promise.all(['dev', 'other'].map((name) => person.make(name)));
});
afterEach(() => rmSync(ways(), { recursive: true, force: true }));
afterAll(() => {
  person?.[Symbol.dispose]();
  place?.[Symbol.dispose]();
});

const ways = () => path.join(person.home, 'config/ways');

/** What `ws doctor` reads to know a workspace. */
const SEEN = 'pods,secrets,deployments.apps,replicasets.apps,services,persistentvolumeclaims,events';

/** The kubeconfig of somebody who may look at a workspace, and do these besides. */
function restrict(name: string, ...resources: string[]): string {
  inPlace('create', 'role', `${name}-look`, '--verb=get,list,watch', `--resource=${SEEN}`);
  inPlace('create', 'rolebinding', `${name}-look`, `--role=${name}-look`, `--user=${name}`);
  for (const resource of resources) {
    const role = `${name}-${resource.replace('/', '-')}`;
    inPlace('create', 'role', role, '--verb=get,create', `--resource=${resource}`);
    inPlace('create', 'rolebinding', role, `--role=${role}`, `--user=${name}`);
  }
  const file = path.join(person.home, `kubeconfig-${name}`);
  const text = readFileSync(getKubeconfig(), 'utf8');
  writeFileSync(file, text.replace('user: {', `user: {as: ${name}, `), { mode: 0o600 });
  expect(execFileSync('kubectl', ['--kubeconfig', file, 'auth', 'whoami'], { encoding: 'utf8' })).toContain(name);
  return file;
}

function findPod(workspace: string): string {
  return inPlace('get', 'pod', '-l', `ws.dev/workspace=${workspace}`, '-o', 'jsonpath={.items[0].metadata.name}');
}

const some = (count: () => number) =>
  eventually(
    async () => count(),
    (found) => found > 0,
    60_000,
  );
const none = (count: () => number, limitMs = 60_000) =>
  eventually(
    async () => count(),
    (found) => found === 0,
    limitMs,
  );

/** Relays of ours that run in the workspace. */
function countRelays(): number {
  const processes = inPlace('exec', findPod('dev'), '-c', 'workspace', '--', 'ps', '-ww', '-eo', 'args');
  return processes.split('\n').filter((line) => /^\/bin\/bash --norc -pc trap|^cat$/.test(line)).length;
}

/** kubectls on this machine that lead to a pod. */
function countKubectls(pod: string): number {
  const processes = execFileSync('ps', ['-ww', '-eo', 'args'], { encoding: 'utf8' });
  return processes.split('\n').filter((line) => line.includes(`port-forward pod/${pod}`)).length;
}

async function ssh(kubeconfig: string, ...words: string[]) {
  return person.ws(['ssh', 'dev', '-v', '--', ...words], { environment: { KUBECONFIG: kubeconfig } });
}

it('by pods/exec: in, 5 MB both ways, over a cut, and nothing stays behind', async () => {
  const kubeconfig = restrict('dora', 'pods/exec');
  const first = await ssh(kubeconfig, 'echo in; exit 7');
  expect(first).toMatchObject({ status: 7, stdout: 'in\n' });
  const way = 'The way to the pod: pods/exec through the API server';
  const why = `no WebSocket: You may not (get|create) pods/portforward in namespace ${place.name}`;
  expect(first.stderr).toMatch(new RegExp(`^${way}; ${why}\n$`));
  expect(readdirSync(ways())).toHaveLength(1);
  // This one asks for no port-forward any more.
  expect((await ssh(kubeconfig, 'true')).stderr).toMatch(new RegExp(`^${way}, as before; ${why}\n$`));

  const bytes = randomBytes(5 * 1024 * 1024);
  await using relay = await startTcpRelay(kubeconfig);
  const environment = { KUBECONFIG: relay.kubeconfig };
  const copy = [
    'ssh',
    'dev',
    '--',
    'cat > copied; sha256sum < copied; cat copied; for i in 1 2 3 4 5 6 7 8; do sleep 0.5; echo $i; done; exit 3',
  ];
  const child = person.start(copy, { environment, input: bytes });
  const copying = finish(child);
  // All of it is in by now, and its way back begins.
  await once(child.stdout as Readable, 'data');
  relay.loseFor(2000);
  const { status, stdout, stderr } = await copying;
  expect(status, stderr).toBe(3);
  const sum = createHash('sha256').update(bytes).digest('hex');
  const head = `${sum}  -\n`;
  expect(stdout.slice(0, head.length)).toBe(head);
  const back = Buffer.from(stdout, 'latin1').subarray(head.length, head.length + bytes.length);
  expect(createHash('sha256').update(back).digest('hex')).toBe(sum);
  expect(stdout.slice(head.length + bytes.length)).toBe('1\n2\n3\n4\n5\n6\n7\n8\n');
  await none(countRelays);
});

it('a client that is killed leaves no relay behind, and doctor says which way there is', async () => {
  const kubeconfig = restrict('emil', 'pods/exec');
  const environment = { KUBECONFIG: kubeconfig };
  const child = person.start(['ssh', 'dev', '--no-resume', '--', 'sleep 600'], { environment });
  await some(countRelays);
  const { stdout } = await person.ws(['doctor', '--json'], { environment });
  const { items } = JSON.parse(stdout) as { items: { check: string; detail: string }[] };
  expect(items.find(({ check }) => check === 'pod stream')?.detail).toMatch(
    /^pods\/exec through the API server to \w+, where the server greets; no WebSocket: You may not /,
  );
  child.kill('SIGKILL');
  await none(countRelays);
});

it("by kubectl's SPDY where a proxy refuses WebSockets, and kubectl ends with its ws, however that ends", async () => {
  await using proxy = await startApiProxy(getKubeconfig(), {
    upgrade: ({ headers }, socket) => {
      if (headers.upgrade !== 'websocket') return false;
      return socket.end('HTTP/1.1 403 No\r\ncontent-length: 4\r\n\r\nno\r\n');
    },
  });
  // The proxy is in this process, which must not wait for kubectl while it is needed.
  const pod = findPod('dev');
  const first = await ssh(proxy.kubeconfig, 'echo in; exit 7');
  expect(first).toMatchObject({ status: 7, stdout: 'in\n' });
  const way = "The way to the pod: kubectl's SPDY through the API server";
  expect(first.stderr).toBe(`${way}; no WebSocket: something on the way refuses it (HTTP status 403: no)\n`);
  const bytes = randomBytes(1024 * 1024);
  const words = ['ssh', 'dev', '-v', '--', 'tee copied; sha256sum < copied >&2'];
  const copy = await person.ws(words, { environment: { KUBECONFIG: proxy.kubeconfig }, input: bytes });
  expect(copy.stderr).toContain(`${way}, as before;`);
  expect(copy.stderr).toContain(createHash('sha256').update(bytes).digest('hex'));
  expect(Buffer.from(copy.stdout, 'latin1').equals(bytes)).toBe(true);
  await none(() => countKubectls(pod), 30_000);
  const child = person.start(['ssh', 'dev', '--', 'sleep 600'], { environment: { KUBECONFIG: proxy.kubeconfig } });
  await some(() => countKubectls(pod));
  child.kill('SIGKILL');
  await none(() => countKubectls(pod), 30_000);
});

it('a port-forward that opens and carries nothing leads to pods/exec', async () => {
  const silent = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] ?? false });
  await using proxy = await startApiProxy(getKubeconfig(), {
    upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (request.url?.includes('/portforward') !== true) return false;
      return silent.handleUpgrade(request, socket, head, () => undefined);
    },
  });
  const first = await ssh(proxy.kubeconfig, 'echo in');
  expect(first).toMatchObject({ status: 0, stdout: 'in\n' });
  const said = 'pods/exec through the API server; no WebSocket: it opens, and nothing comes\n';
  expect(first.stderr).toBe(`The way to the pod: ${said}`);
  const begunMs = performance.now();
  expect(await ssh(proxy.kubeconfig, 'echo in')).toMatchObject({ status: 0, stdout: 'in\n' });
  // The first one has waited for four seconds.
  expect(performance.now() - begunMs).toBeLessThan(4000);
  silent.close();
});

it('past the API server: with the pinned host key and no other, for ssh and proxy', async () => {
  const kubeconfig = restrict('frida');
  const environment = { KUBECONFIG: kubeconfig };
  const { hostname } = new URL(/server: "?([^\s",]+)/.exec(readFileSync(getKubeconfig(), 'utf8'))?.[1] ?? '');
  const [dev, other] = ['dev', 'other'].map((name) => {
    inPlace('patch', 'service', `ws-${name}`, '-p', '{"spec":{"type":"NodePort"}}');
    return inPlace('get', 'service', `ws-${name}`, '-o', 'jsonpath={.spec.ports[?(@.name=="ssh")].nodePort}');
  });
  for (const port of [dev, other]) await waitForGreeting({ host: hostname, port: Number(port) });
  const refused = await person.ws(['ssh', 'dev', '--', 'true'], { environment });
  expect(refused.stderr).toMatch(/You may not (get|create) pods\/portforward/);
  expect(refused.stderr).toMatch(/pods\/exec was tried instead: You may not/);
  const direct = await person.ws(['ssh', 'dev', '--direct', `${hostname}:${dev}`, '--', 'echo in; exit 7'], {
    environment,
  });
  expect(direct).toEqual({ status: 7, stdout: 'in\n', stderr: '' });
  const wrong = await person.ws(['ssh', 'dev', '--direct', `${hostname}:${other}`, '--', 'true'], { environment });
  expect(wrong.status).toBe(255);
  expect(wrong.stderr).toContain('HOST_KEY_CHANGED');
  const away = await person.ws(['ssh', 'dev', '--direct', `${hostname}:1`, '--', 'true'], { environment });
  expect(away.status).toBe(255);
  expect(away.stderr).toContain(`Nothing is reached at ${hostname}:1`);
  const bad = await person.ws(['ssh', 'dev', '--direct', 'fd00::7', '--', 'true'], { environment });
  expect([bad.status, bad.stderr]).toEqual([2, expect.stringContaining("--direct '[fd00::7]'")]);
  const proxied = execFileSync(
    'ssh',
    [
      ...['-F', 'none', '-i', person.key, '-o', `UserKnownHostsFile=${path.join(person.home, 'known')}`],
      ...['-o', 'StrictHostKeyChecking=accept-new', '-o', 'BatchMode=yes'],
      ...[
        '-o',
        `ProxyCommand=${process.execPath} bin/run.js proxy dev --direct ${hostname}:${dev}`,
        'developer@dev',
        'echo in',
      ],
    ],
    { env: { ...person.environment, ...environment }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  expect(proxied).toBe('in\n');
  const made = await person.ws(['config-ssh', '--direct', `dev=${hostname}:${dev}`, '--yes'], { environment });
  expect(made.status, made.stderr).toBe(0);
  const file = path.join(person.home, 'config/ssh_config');
  // With the rights of somebody who may open no stream.
  const byHost = () =>
    execFileSync('ssh', ['-F', file, '-i', person.key, '-o', 'BatchMode=yes', 'ws-dev', 'echo in by host'], {
      env: { ...person.environment, ...environment },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  expect(byHost()).toBe('in by host\n');
  await person.ws(['config-ssh', '--direct', 'dev=', '--yes'], { environment });
  expect(byHost).toThrow();
});
