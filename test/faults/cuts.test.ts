/** A transfer whose connection is cut again and again, at random bytes. */
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getKubeconfig } from '../e2e/cluster-under-test.ts';
import { startTcpRelay, type TcpRelay } from '../e2e/support/tcp-relay.ts';
import { IS_LONG, keepFigure, times } from '../figures/figures.ts';
import { Random } from '../random.ts';
import { openScene, type Scene } from './stage/scene.ts';

const CUTS = times(1000, 20);
const BYTES = IS_LONG ? 2 ** 30 : 2 ** 26;
/** So many that the transfer ends a little after the last of them. */
const MEAN_BYTES = BYTES / (CUTS * 1.1);
/** One in ten meets the beginning: TLS, the request, or what the two ends say to each other first. */
const EARLY_BYTES = 16 * 1024;

const seed = Number(process.env['WS_FAULTS_SEED'] ?? Date.now() % 2 ** 31);
const random = new Random(seed);

let relay: TcpRelay;
let scene: Scene;
let isCutting = false;
beforeAll(async () => {
  console.log(`WS_FAULTS_SEED=${seed} cuts at the same bytes`);
  const toCutBytes = () => {
    if (!isCutting || relay.seen.cuts >= CUTS) return undefined;
    return 1 + Math.floor(random.fraction() * (random.below(10) === 0 ? EARLY_BYTES : 2 * MEAN_BYTES));
  };
  relay = await startTcpRelay(getKubeconfig(), { toCutBytes });
  scene = await openScene({ prefix: 'cuts', bytes: BYTES, kubeconfig: relay.kubeconfig });
});
afterAll(async () => {
  scene?.[Symbol.dispose]();
  await relay?.[Symbol.asyncDispose]();
});

const WAYS = [
  { way: 'up', script: 'echo; sha256sum | cut -c 1-64; exit 5' },
  { way: 'down', script: 'cat big; exit 5' },
];

it.each(WAYS)('a transfer $way loses nothing', async ({ way, script }) => {
  const file = openSync(scene.big.file, 'r');
  const child = scene.start(scene.ws('ssh', '--no-share', 'dev', '--', script), { stdio: [file, 'pipe', 'pipe'] });
  closeSync(file);
  const hash = way === 'up' ? readText(child) : hashStream(child);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = once(child, 'close');
  await once(child.stdout as Readable, 'data');
  relay.seen.cuts = 0;
  isCutting = true;
  relay.cut();
  const [status] = await ended;
  isCutting = false;
  const { cuts } = relay.seen;
  const isWhole = status === 5 && (await hash) === scene.big.hash;
  keepFigure('faults', {
    what: `connection cut at random bytes: ${BYTES / 2 ** 20} MiB ${way} through \`ws ssh\``,
    goal: '0 lost, hashes equal',
    figure: `${isWhole ? 'whole' : 'lost'} after ${cuts} cuts`,
    isMet: isWhole && cuts >= CUTS * 0.9,
  });
  expect([status, await hash], said).toEqual([5, scene.big.hash]);
  expect(cuts).toBeGreaterThan(CUTS * 0.9);
});

async function readText({ stdout }: ChildProcess): Promise<string> {
  return (await text(stdout as Readable)).trim();
}

async function hashStream({ stdout }: ChildProcess): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(stdout as Readable, hash);
  return hash.digest('hex');
}
