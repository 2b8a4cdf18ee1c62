/** A release as an operator has it: helm, kubectl and OpenSSH, nothing of `ws`. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseHostKey } from '../../../src/contract/keys/host-key.ts';
import { getKubeconfig, kubectl } from '../cluster-under-test.ts';

const CHART = path.resolve(import.meta.dirname, '../../../chart');

export interface Outcome {
  status: number;
  stdout: string;
  stderr: string;
}

export class Release {
  readonly chart = CHART;
  readonly namespace: string;
  readonly name: string;
  readonly folder = mkdtempSync(path.join(tmpdir(), 'ws-release-'));
  /** Private key that the release authorizes. */
  readonly key: string;
  /** Login name. */
  user = 'developer';
  /** Where the host key is; by default the release's own Secret. */
  hostKeySecret: string;
  /** Whose rights helm and kubectl have; undefined: the cluster's administrator's. */
  actingUser: string | undefined;
  #tunnel: ChildProcess | undefined;
  #port = 0;

  constructor(namespace: string, name: string) {
    this.namespace = namespace;
    this.name = name;
    this.hostKeySecret = `${name}-host-key`;
    this.key = path.join(this.folder, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'operator', '-f', this.key]);
  }

  get publicKey(): string {
    return execFileSync('ssh-keygen', ['-y', '-f', this.key], { encoding: 'utf8' }).trim();
  }

  /** Installs or upgrades, and waits for the pod. */
  async apply(values: Record<string, unknown> = {}): Promise<void> {
    this.disconnect();
    this.helm(
      ['upgrade', '--install', this.name, CHART, '-f', '-'],
      JSON.stringify({ authorizedKeys: [this.publicKey], ...values }),
    );
    this.user = (values['user'] as { name?: string } | undefined)?.name ?? 'developer';
    this.kubectl(['rollout', 'status', `deployment/${this.name}`, '--timeout=120s']);
    await this.connect();
  }

  /** The program, by the name that the toolchain gives it. */
  get helmProgram(): string {
    return 'helm';
  }

  helm(words: string[], input = ''): string {
    const identity = this.actingUser === undefined ? [] : ['--kube-as-user', this.actingUser];
    return execFileSync(
      this.helmProgram,
      [...words, ...identity, '--kubeconfig', getKubeconfig(), '-n', this.namespace],
      {
        encoding: 'utf8',
        input,
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
  }

  uninstall(): void {
    this.disconnect();
    this.helm(['uninstall', this.name, '--wait']);
  }

  kubectl(words: string[]): string {
    return kubectl([...this.#identity, '-n', this.namespace, ...words]);
  }

  /** kubectl's words for who acts. */
  get #identity(): string[] {
    return this.actingUser === undefined ? [] : ['--as', this.actingUser];
  }

  /** The pod that is not ending. */
  get pod(): string {
    const list = JSON.parse(
      this.kubectl([
        'get',
        'pod',
        '-l',
        `app.kubernetes.io/instance=${this.name},app.kubernetes.io/name=ws-workspace`,
        '-o',
        'json',
      ]),
    ) as {
      items: { metadata: { name: string; deletionTimestamp?: string } }[];
    };
    return list.items.find((item) => item.metadata.deletionTimestamp === undefined)?.metadata.name ?? '';
  }

  secret(name: string, entry: string): Buffer {
    return Buffer.from(this.kubectl(['get', 'secret', name, '-o', `jsonpath={.data.${entry}}`]), 'base64');
  }

  get hostKey(): string {
    const { type, blob } = parseHostKey(this.secret(this.hostKeySecret, 'ssh_host_key'));
    return `${type} ${blob}`;
  }

  /** kubectl's own port-forward to the Service, on a free port. `hostKey`: another one than the Secret's. */
  async connect(hostKey?: string): Promise<number> {
    this.disconnect();
    this.#port = await freePort();
    const tunnel = spawn(
      'kubectl',
      [
        '--kubeconfig',
        getKubeconfig(),
        ...this.#identity,
        '-n',
        this.namespace,
        'port-forward',
        `service/${this.name}`,
        `${this.#port}:2222`,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#tunnel = tunnel;
    await new Promise<void>((resolve, reject) => {
      tunnel.stdout.once('data', () => resolve());
      tunnel.once('close', () => reject(new Error('kubectl port-forward ended')));
    });
    writeFileSync(path.join(this.folder, 'known_hosts'), `workspace ${hostKey ?? this.hostKey}\n`);
    return this.#port;
  }

  disconnect(): void {
    this.#tunnel?.removeAllListeners('close');
    this.#tunnel?.kill('SIGKILL');
    this.#tunnel = undefined;
  }

  /** OpenSSH's options: strict about the host key from the cluster, only this one key. */
  get options(): string[] {
    const pairs = {
      Port: this.#port,
      IdentityFile: this.key,
      IdentitiesOnly: 'yes',
      IdentityAgent: 'none',
      UserKnownHostsFile: path.join(this.folder, 'known_hosts'),
      HostKeyAlias: 'workspace',
      StrictHostKeyChecking: 'yes',
      BatchMode: 'yes',
      LogLevel: 'ERROR',
    };
    return ['-F', 'none', ...Object.entries(pairs).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
  }

  get address(): string {
    return `${this.user}@127.0.0.1`;
  }

  ssh(command: string, options: { input?: string; more?: string[]; address?: string } = {}): Outcome {
    return run(
      'ssh',
      [...this.options, ...(options.more ?? []), options.address ?? this.address, command],
      options.input,
    );
  }

  /** A session that goes on until it is killed or its stdin ends. */
  open(words: string[]): ChildProcess {
    return spawn('ssh', [...this.options, ...words], { stdio: ['pipe', 'pipe', 'pipe'] });
  }

  /** A scrape through the API server. */
  metric(name: string): number {
    const text = this.kubectl([
      'get',
      '--raw',
      `/api/v1/namespaces/${this.namespace}/pods/${this.pod}:9222/proxy/metrics`,
    ]);
    const value = new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1];
    return value === undefined ? Number.NaN : Number(value);
  }

  log(words: string[] = []): Record<string, unknown>[] {
    const text = this.kubectl(['logs', this.pod, ...words]);
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  dispose(): void {
    this.disconnect();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function run(program: string, words: string[], input = ''): Outcome {
  const done = spawnSync(program, words, { input, encoding: 'utf8', timeout: 120_000, maxBuffer: 256 * 1024 * 1024 });
  return { status: done.status ?? -1, stdout: done.stdout, stderr: done.stderr };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Asks until the answer is right; fails with the last one when it takes longer than `timeoutMs`. */
export async function eventually<Answer>(
  ask: () => Answer | Promise<Answer>,
  isRight: (answer: Answer) => boolean,
  timeoutMs = 30_000,
): Promise<Answer> {
  const deadline = Date.now() + timeoutMs;
  while (true) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(answer)} after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
