/** Much through one session, whose keys change many times, and whose way to the API server is lost meanwhile. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getKubeconfig } from '../e2e/cluster-under-test.ts';
import { startTcpRelay, type TcpRelay } from '../e2e/support/tcp-relay.ts';
import { keepFigure, times } from '../figures/figures.ts';
import { Workplace } from './workplace.ts';

const GIB = times(10);
const BYTES = GIB * 1024 ** 3;
const LOSSES = times(5, 1);
const LOST_MS = 3000;

/** 64 MiB, as OpenSSH counts it. */
const REKEY_LIMIT = '64M';

let workplace: Workplace;
let relay: TcpRelay;
beforeAll(async () => {
  workplace = new Workplace('rekeys');
  relay = await startTcpRelay(getKubeconfig());
  workplace.person.environment['KUBECONFIG'] = relay.kubeconfig;
  await workplace.up();
  expect((await workplace.person.ws(['config-ssh', '--yes'])).status).toBe(0);
});
afterAll(async () => {
  workplace?.[Symbol.dispose]();
  await relay?.[Symbol.asyncDispose]();
});

/** The same bytes on both sides, which no two places have alike. */
const ZEROS = '0'.repeat(32);
const MAKE = `head -c ${BYTES} /dev/zero | openssl enc -aes-128-ctr -K ${ZEROS} -iv ${ZEROS}`;

it.each([
  ['down', `ssh WORDS ws-dev "${MAKE}" | sha256sum`],
  ['up', `${MAKE} | ssh WORDS ws-dev sha256sum`],
])('%s: nothing is lost of it', async (direction, line) => {
  const config = path.join(workplace.person.home, '.ssh/config');
  const words = `-v -F ${config} -o RekeyLimit=${REKEY_LIMIT}`;
  const begunMs = Date.now();
  const copy = spawn('bash', ['-c', `set -o pipefail; ${line.replace('WORDS', words)}`], {
    env: workplace.person.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [sum, said, losses] = ['', '', 0];
  let rekeys = 0;
  copy.stdout.on('data', (chunk: Buffer) => {
    sum += String(chunk);
  });
  copy.stderr.on('data', (chunk: Buffer) => {
    said = (said + String(chunk)).slice(-100_000);
    const now = [...String(chunk).matchAll(/SSH2_MSG_NEWKEYS sent/g)].length;
    rekeys += now;
    // Spread over the copy: a loss each time that a share of the rekeys has been seen.
    if (now > 0 && losses < LOSSES && rekeys > ((losses + 1) * GIB * 16) / (LOSSES + 1)) {
      losses += 1;
      relay.loseFor(LOST_MS);
    }
  });
  const status = await new Promise((resolve) => copy.once('close', resolve));
  const seconds = (Date.now() - begunMs) / 1000;
  expect(status, said.slice(-2000)).toBe(0);
  expect(sum.slice(0, 64)).toBe(await toSum());
  expect(losses).toBe(LOSSES);
  // The first keys are not new ones.
  expect(rekeys - 1).toBeGreaterThanOrEqual(GIB * 15);
  keepFigure('clients', {
    what: `${GIB} GiB ${direction} through \`ws proxy\` in one session of OpenSSH, new keys every 64 MiB`,
    goal: 'equal bytes',
    figure: `equal; ${rekeys - 1} times new keys, ${losses} times the way lost for 3 s; ${((GIB * 1024) / seconds).toFixed(0)} MiB/s`,
    isMet: true,
  });
});

function toSum(): Promise<string> {
  const own = spawn('bash', ['-c', `${MAKE} | sha256sum`], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve) => own.stdout.once('data', (chunk: Buffer) => resolve(String(chunk).slice(0, 64))));
}
