/** A credential plugin whose token the API server takes until another one counts. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { getKubeconfig } from '../../e2e/cluster-under-test.ts';
import { startApiProxy } from '../../e2e/support/api-proxy.ts';

export interface TokenCluster extends AsyncDisposable {
  kubeconfig: string;
  /** The token of before counts no more. The plugin gives the new one. */
  renew(): void;
  /** How many requests came with a token that counts no more. */
  seen: { refused: number };
}

export async function startTokenCluster(folder: string): Promise<TokenCluster> {
  let count = 0;
  const seen = { refused: 0 };
  const toToken = () => `token-${count}`;
  const isOld = (authorization: string | undefined) => {
    const isRight = authorization === `Bearer ${toToken()}`;
    if (!isRight) seen.refused += 1;
    return !isRight;
  };
  const body = JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code: 401,
    reason: 'Unauthorized',
  });
  const proxy = await startApiProxy(getKubeconfig(), {
    answer(request, response) {
      if (!isOld(request.headers.authorization)) return false;
      request.resume();
      response.writeHead(401, { 'content-type': 'application/json' }).end(body);
      return true;
    },
    upgrade(request, socket) {
      if (!isOld(request.headers.authorization)) return false;
      const head = `HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
      return void socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
    },
  });
  const credential = path.join(folder, 'credential.json');
  const renew = () => {
    count += 1;
    const status = { token: toToken(), expirationTimestamp: new Date(Date.now() + 3600_000).toISOString() };
    const whole = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
    writeFileSync(credential, JSON.stringify(whole));
  };
  renew();
  const config = parse(readFileSync(proxy.kubeconfig, 'utf8')) as { users: { user: object }[] };
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'cat', args: [credential] };
  for (const entry of config.users) entry.user = { exec: { ...exec, interactiveMode: 'Never' } };
  const kubeconfig = path.join(folder, 'kubeconfig-of-tokens');
  writeFileSync(kubeconfig, stringify(config));
  return { kubeconfig, renew, seen, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}
