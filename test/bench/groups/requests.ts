import { Agent, get } from 'node:http';
import type { Group } from '../group.ts';
import { quantile } from '../measure.ts';
import { awaitLine } from '../programs.ts';
import { toRow, type Unit } from '../rows.ts';

const CONNECTIONS = 100;
const FINE: Unit = { suffix: ' ms', digits: 1 };

const SERVER = `
const body = 'x'.repeat(1024);
require('node:http').createServer((_request, response) => response.end(body)).listen(8080, '127.0.0.1', () => console.log('serving'));
`;

/** HTTP over a hundred parallel connections through one forwarded port. */
export const measureRequests: Group = async ({ stage, rounds }) => {
  await stage.put('dev', 'serve.cjs', SERVER);
  const serving = stage.start(stage.ws('ssh', '--no-share', 'dev', '--', 'exec node serve.cjs'));
  await awaitLine(serving, /serving/);
  const forward = stage.start(stage.ws('forward', '0:8080', '--workspace', 'dev', '--progress', 'plain'));
  const [, ownPort] = await awaitLine(forward, /127\.0\.0\.1:(\d+)/);
  const peer = await stage.portForward('dev', 8080);
  const ports = [Number(ownPort), peer.port];
  const latencies: number[][] = [[], []];
  const perRequest: number[][] = [[], []];
  for (let round = -1; round < Math.ceil((rounds * 2) / 3); round += 1) {
    for (const [index, port] of ports.entries()) {
      const requests = CONNECTIONS * 10;
      const begun = performance.now();
      const values = await load(port, requests);
      if (round < 0) continue;
      latencies[index]?.push(...values);
      perRequest[index]?.push((performance.now() - begun) / requests);
    }
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  for (const list of [...latencies, ...perRequest]) list.sort((a, b) => a - b);
  for (const child of [forward, peer.child, serving]) await stage.stop(child);
  const name = (index: number) =>
    index === 0 ? `a port of \`ws forward\`, ${CONNECTIONS} connections` : '`kubectl port-forward`';
  const results = (lists: number[][], what: string) =>
    lists.map((values, index) => ({ name: `${name(index)}, ${what}`, values }));
  const [ownLatency, peerLatency] = results(latencies, 'p99');
  const [ownTime, peerTime] = results(perRequest, 'time per request');
  const rate = (list: number[] | undefined) => Math.round(1000 / quantile(list ?? [], 0.5));
  return {
    rows: [
      toRow(ownLatency, peerLatency, 0.7, { unit: FINE, share: 0.99 }),
      toRow(ownTime, peerTime, 0.7, { unit: { suffix: ' ms', digits: 2 } }),
    ],
    text: `Requests per second: ${rate(perRequest[0])} through \`ws forward\`, ${rate(perRequest[1])} through \`kubectl port-forward\`.`,
  };
};

/** The milliseconds of each request, over kept connections that are all opened anew. */
async function load(port: number, requests: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const values: number[] = [];
  let left = requests;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const begun = performance.now();
      await request(port, agent);
      values.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  agent.destroy();
  return values;
}

function request(port: number, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => (bytes === 1024 ? resolve() : reject(new Error(`an answer of ${bytes} bytes`))));
    }).on('error', reject);
  });
}
