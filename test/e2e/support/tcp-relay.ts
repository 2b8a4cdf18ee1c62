/** A way to the cluster's API server that can go bad: TCP alone, so TLS and all in it is the API server's own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';

export interface TcpRelay extends AsyncDisposable {
  /** Leads through the relay. */
  kubeconfig: string;
  port: number;
  /** Connections so far that lead to the API server, and when the last of them came, by `performance.now`. */
  seen: { connections: number; lastMs: number; cuts: number };
  /** Cuts all connections, as a reset does. */
  cut(): void;
  /** Cuts all connections and refuses new ones, as an API server that is gone, for so long. */
  loseFor(ms: number): void;
  /** From now on no byte passes, and nobody is told: those of old and new connections wait. */
  hold(): void;
  /** What waits goes on; or, with `forget`, the connections of before stay silent for ever, and only new ones work. */
  letGo(options?: { forget: boolean }): void;
}

/** What stands between and cuts connections by itself. Each is asked once for each new connection. */
export interface Middlebox {
  /** Cut after so many bytes, both ways together. */
  toCutBytes?(): number | undefined;
  /** Cut after so long. */
  toCutMs?(): number | undefined;
  /** What comes is held for so long, each way. */
  delayMs?: number;
}

interface Pair {
  near: Socket;
  far: Socket;
  isForgotten: boolean;
}

export async function startTcpRelay(kubeconfig: string, middlebox: Middlebox = {}): Promise<TcpRelay> {
  const { config, hostname, port } = readCluster(kubeconfig);
  const pairs = new Set<Pair>();
  const waiting = new Set<Socket>();
  const seen = { connections: 0, lastMs: 0, cuts: 0 };
  let isLost = false;
  let isHeld = false;

  const cutPair = ({ near, far }: Pair) => {
    seen.cuts += 1;
    near.resetAndDestroy();
    far.resetAndDestroy();
  };
  // Timers of one length end in their order.
  const late = (act: () => void) => {
    if (middlebox.delayMs === undefined) act();
    else setTimeout(act, middlebox.delayMs);
  };
  const join = (near: Socket) => {
    const pair: Pair = { near, far: connect({ port, host: hostname, allowHalfOpen: true }), isForgotten: false };
    pairs.add(pair);
    seen.connections += 1;
    seen.lastMs = performance.now();
    let leftBytes = middlebox.toCutBytes?.() ?? Number.POSITIVE_INFINITY;
    const cutMs = middlebox.toCutMs?.();
    const timer = cutMs === undefined ? undefined : setTimeout(() => cutPair(pair), cutMs);
    for (const [one, other] of [
      [near, pair.far],
      [pair.far, near],
    ] as const) {
      one.setNoDelay(true);
      const pass = (chunk: Buffer) => {
        other.write(chunk.subarray(0, Math.max(0, leftBytes)));
        leftBytes -= chunk.length;
        if (leftBytes <= 0) return cutPair(pair);
        if (other.writableLength > other.writableHighWaterMark) one.pause();
      };
      one.on('data', (chunk: Buffer) => late(() => pass(chunk)));
      other.on('drain', () => {
        if (!isHeld && !pair.isForgotten) one.resume();
      });
      one.on('end', () => late(() => other.end()));
      one.on('error', () => undefined);
      one.on('close', () => {
        clearTimeout(timer);
        // Nobody hears of the other side while the way between them is gone.
        if (pair.isForgotten || isHeld) return;
        pairs.delete(pair);
        other.destroy();
      });
    }
    near.resume();
  };

  const server = createServer({ allowHalfOpen: true }, (near) => {
    near.on('error', () => undefined);
    if (isLost) return void near.resetAndDestroy();
    if (!isHeld) return join(near);
    near.pause();
    waiting.add(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(path.join(tmpdir(), 'ws-relay-'));
  const file = path.join(folder, 'kubeconfig');
  const { port: ownPort } = server.address() as AddressInfo;
  writeFileSync(file, toKubeconfig(kubeconfig, config, `https://127.0.0.1:${ownPort}`));
  const cut = () => {
    for (const pair of pairs) cutPair(pair);
    for (const socket of waiting) socket.resetAndDestroy();
    waiting.clear();
  };
  return {
    kubeconfig: file,
    port: ownPort,
    seen,
    cut,
    loseFor(ms) {
      isLost = true;
      cut();
      setTimeout(() => {
        isLost = false;
      }, ms);
    },
    hold() {
      isHeld = true;
      for (const { near, far } of pairs) {
        near.pause();
        far.pause();
      }
    },
    letGo({ forget } = { forget: false }) {
      isHeld = false;
      for (const pair of pairs) {
        if (forget) pair.isForgotten = true;
        if (pair.isForgotten) continue;
        if (pair.near.destroyed || pair.far.destroyed) cutPair(pair);
        pair.near.resume();
        pair.far.resume();
      }
      for (const near of waiting) if (!forget && !near.destroyed) join(near);
      if (!forget) waiting.clear();
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Config {
  clusters: { cluster: Record<string, string> }[];
  users: { user: Record<string, string> }[];
}

function readCluster(kubeconfig: string) {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as Config;
  const { hostname, port } = new URL(config.clusters[0]?.cluster['server'] ?? '');
  return { config, hostname, port: Number(port || 443) };
}

function toKubeconfig(original: string, config: Config, server: string): string {
  const [cluster = {}, user = {}] = [config.clusters[0]?.cluster, config.users[0]?.user];
  // The certificate is for the address behind the relay.
  cluster['tls-server-name'] ??= new URL(cluster['server'] ?? '').hostname;
  cluster['server'] = server;
  for (const holder of [cluster, user])
    for (const name of ['certificate-authority', 'client-certificate', 'client-key'])
      if (holder[name] !== undefined) holder[name] = path.resolve(path.dirname(original), holder[name]);
  return stringify(config);
}
