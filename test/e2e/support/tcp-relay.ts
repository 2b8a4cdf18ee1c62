/** A way to the cluster's API server that can be lost: TCP alone, so TLS and all in it is the API server's own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';

export interface TcpRelay extends AsyncDisposable {
  /** Leads through the relay. */
  kubeconfig: string;
  /** Cuts all connections and refuses new ones, as an API server that is gone, for so long. */
  loseFor(ms: number): void;
}

export async function startTcpRelay(kubeconfig: string): Promise<TcpRelay> {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: { cluster: Record<string, string> }[];
    users: { user: Record<string, string> }[];
  };
  const [cluster = {}, user = {}] = [config.clusters[0]?.cluster, config.users[0]?.user];
  const { hostname, port } = new URL(cluster['server'] ?? '');
  const sockets = new Set<Socket>();
  let isLost = false;
  const server = createServer((near) => {
    if (isLost) return void near.resetAndDestroy();
    const far = connect(Number(port || 443), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(path.join(tmpdir(), 'ws-relay-'));
  // The certificate is for the address behind the relay.
  cluster['tls-server-name'] ??= hostname;
  cluster['server'] = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const holder of [cluster, user])
    for (const name of ['certificate-authority', 'client-certificate', 'client-key'])
      if (holder[name] !== undefined) holder[name] = path.resolve(path.dirname(kubeconfig), holder[name]);
  const file = path.join(folder, 'kubeconfig');
  writeFileSync(file, stringify(config));
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    kubeconfig: file,
    loseFor(ms) {
      isLost = true;
      cut();
      setTimeout(() => {
        isLost = false;
      }, ms);
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
