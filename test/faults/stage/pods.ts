/** A workspace's pods, as the API server tells of them, and what the node has of one. */
import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { getKubeconfig, kubectl } from '../../e2e/cluster-under-test.ts';

const SELECTOR = 'ws.dev/workspace=dev';
const READY_LIMIT_MS = 120_000;
const ROW = '{.metadata.name} {.metadata.uid} {.status.conditions[?(@.type=="Ready")].status}{"\\n"}';

export interface Pod {
  name: string;
  uid: string;
}

/** Follows the pods of workspace `dev` in a namespace. */
export class Pods implements Disposable {
  readonly #child;
  #ready: Pod | undefined;
  /** The last news of a pod that was deleted may come late, and call it ready. */
  readonly #ended = new Set<string>();
  readonly #namespace: string;

  constructor(namespace: string) {
    this.#namespace = namespace;
    const place = ['--kubeconfig', getKubeconfig(), '-n', namespace];
    const words = ['get', 'pods', '-l', SELECTOR, '--watch', '-o', `jsonpath=${ROW}`];
    this.#child = spawn('kubectl', [...place, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    let rest = '';
    this.#child.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [name = '', uid = '', ready] = line.split(' ');
        if (ready === 'True' && !this.#ended.has(uid)) this.#ready = { name, uid };
        else if (this.#ready?.uid === uid) this.#ready = undefined;
      }
    });
  }

  /** The pod that is ready, another one than `before`. */
  async awaitReady(before?: Pod): Promise<Pod> {
    const deadline = performance.now() + READY_LIMIT_MS;
    while (this.#ready === undefined || this.#ready.uid === before?.uid) {
      if (performance.now() > deadline) throw new Error('no pod of the workspace became ready');
      await sleep(5);
    }
    return this.#ready;
  }

  #end(uid: string): void {
    this.#ended.add(uid);
    if (this.#ready?.uid === uid) this.#ready = undefined;
  }

  kubectl(words: string[], input?: string): string {
    return kubectl(['-n', this.#namespace, ...words], input);
  }

  /** At once, as a node that dies does it. */
  kill({ name, uid }: Pod): void {
    this.#end(uid);
    // kubectl warns of it on stderr each time.
    const options = { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 };
    const url = `/api/v1/namespaces/${this.#namespace}/pods/${name}`;
    this.kubectl(['delete', '--raw', url, '-f', '-'], JSON.stringify(options));
  }

  /** As a drained node does it. */
  evict({ name, uid }: Pod): void {
    this.#end(uid);
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: this.#namespace } };
    const url = `/api/v1/namespaces/${this.#namespace}/pods/${name}/eviction`;
    this.kubectl(['create', '--raw', url, '-f', '-'], JSON.stringify(eviction));
  }

  /** What the server in the pod answers to a probe. Throws when it does not. */
  probe({ name }: Pod, way: string): string {
    return this.kubectl(['get', '--raw', `/api/v1/namespaces/${this.#namespace}/pods/${name}:9222/proxy${way}`]);
  }

  /** All that have come to the port of SSH so far. */
  countConnections(pod: Pod): number {
    const counts = this.probe(pod, '/metrics').matchAll(/^ws_connections_total\{.*\} (\d+)$/gm);
    return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  countRestarts({ name }: Pod): number {
    return Number(this.kubectl(['get', 'pod', name, '-o', 'jsonpath={.status.containerStatuses[0].restartCount}']));
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }
}

/** The pod's folder of a controller, where the kubelet would write its limit. */
export function findGroup({ uid }: Pod, controller: string): string {
  const words = ['/sys/fs/cgroup', '-maxdepth', '8', '-type', 'd', '-name', `*${uid}*`];
  const folders = execFileSync('find', words, { encoding: 'utf8' }).split('\n').filter(Boolean);
  const found = folders.find((folder) => folder.includes(`/${controller}/`)) ?? folders[0];
  if (found === undefined) throw new Error(`the node has no control group of pod ${uid}`);
  return found;
}
