/** A workspace, its user, and the two ways to it that a foreign client has. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import { expect } from 'vitest';
import { makePerson, type Person, PROGRAM } from '../e2e/app/running/run-ws.ts';
import { kubectl, makeNamespace, type TestNamespace } from '../e2e/cluster-under-test.ts';
import { waitForGreeting } from '../e2e/support/node-port.ts';
import type { Client, Target } from './clients.ts';

const PODS = 'app.kubernetes.io/name=ws-workspace';

const DOOR = {
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'door' } },
  spec: {
    ...{ type: 'NodePort', ports: [{ port: 2222, targetPort: 2222 }] },
    selector: { 'app.kubernetes.io/name': 'ws-workspace' },
  },
};

export const WAYS = ['to the server', 'through ws proxy'] as const;
export type Way = (typeof WAYS)[number];

export class Workplace implements Disposable {
  readonly place: TestNamespace;
  readonly person: Person;
  /** A key that opens nothing. */
  readonly strangersKey: string;
  #relay: Server | undefined;
  readonly #children = new Set<ChildProcess>();

  constructor(prefix: string) {
    this.place = makeNamespace(prefix);
    this.person = makePerson(this.place.name);
    this.strangersKey = path.join(this.person.home, '.ssh', 'stranger');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', this.strangersKey]);
  }

  async up(...words: string[]): Promise<void> {
    const all = ['up', 'dev', '--yes', '--no-shell', '--storage-class', 'none', '--key', this.person.key, ...words];
    const run = await this.person.ws(all);
    expect(run.status, run.stderr).toBe(0);
    this.#kubectl(['create', '-f', '-'], JSON.stringify(DOOR));
    await waitForGreeting(this.#door);
  }

  /** To the server it is a port of the node: nothing of `ws` or of the API server is between. */
  async target(way: Way, { takesProxy }: Pick<Client, 'takesProxy'>): Promise<Target> {
    const login = {
      ...{ user: 'developer', key: this.person.key, hostKey: this.hostKey },
      environment: this.person.environment,
    };
    if (way === 'to the server') return { ...login, ...this.#door, proxy: undefined };
    // PuTTY takes no proxy to this very machine.
    if (!takesProxy) return { ...login, host: '127.0.0.1', port: await this.#openRelay(), proxy: undefined };
    return { ...login, host: 'dev.workspace', port: 2222, proxy: this.proxyCommand };
  }

  get proxyCommand(): string {
    return `'${process.execPath}' '${PROGRAM}' proxy dev`;
  }

  /** `ssh-ed25519 AAAA…`, as `ws up` has pinned it. */
  get hostKey(): string {
    const pins = readFileSync(path.join(this.person.home, 'config/known_hosts'), 'utf8');
    return /ssh-ed25519 \S+/.exec(pins)?.[0] ?? '';
  }

  get #door() {
    const host = kubectl([
      'get',
      'nodes',
      '-o',
      'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}',
    ]);
    const port = this.#kubectl(['get', 'service', 'door', '-o', 'jsonpath={.spec.ports[0].nodePort}']);
    return { host, port: Number(port) };
  }

  get pod(): string {
    return this.#kubectl(['get', 'pods', '-l', PODS, '-o', 'jsonpath={.items[0].metadata.name}']);
  }

  #kubectl(words: string[], input?: string): string {
    return kubectl(['-n', this.place.name, ...words], input);
  }

  /** A number of the server's /metrics. */
  metric(name: string): number {
    const text = kubectl(['get', '--raw', `/api/v1/namespaces/${this.place.name}/pods/${this.pod}:9222/proxy/metrics`]);
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }

  /** A local port for clients that know no ProxyCommand: each connection has a `ws proxy` of its own. */
  async #openRelay(): Promise<number> {
    if (this.#relay === undefined) {
      this.#relay = createServer((socket) => {
        const proxy = spawn(process.execPath, [PROGRAM, 'proxy', 'dev'], {
          env: this.person.environment,
          stdio: ['pipe', 'pipe', 'inherit'],
        });
        this.#children.add(proxy.on('close', () => this.#children.delete(proxy)));
        socket.on('error', () => undefined).on('close', () => proxy.kill());
        proxy.stdin.on('error', () => undefined);
        socket.pipe(proxy.stdin);
        proxy.stdout.pipe(socket);
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => this.#relay?.once('listening', resolve));
    }
    return (this.#relay.address() as AddressInfo).port;
  }

  [Symbol.dispose](): void {
    this.#relay?.close();
    for (const child of this.#children) child.kill();
    this.person[Symbol.dispose]();
    this.place[Symbol.dispose]();
  }
}
