/** What resumption costs while nothing breaks: against `--no-resume`, in turns. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { countCpu, findNode } from '../bench/chain.ts';
import { Shell } from '../bench/groups/shells.ts';
import { getKubeconfig } from '../e2e/cluster-under-test.ts';
import { findInPod, isSupervisor, readMemory } from '../e2e/support/pod-processes.ts';
import { IS_LONG, keepFigure, times } from '../figures/figures.ts';
import { quantile } from './stage/figures.ts';
import { Pods } from './stage/pods.ts';
import { must, openScene, type Scene } from './stage/scene.ts';

const MIB = 2 ** 20;
const SIZE_MIB = IS_LONG ? 256 : 32;
const ROUNDS = times(10, 2);
const SESSIONS = times(20, 5);

let scene: Scene;
let pods: Pods;
beforeAll(async () => {
  scene = await openScene({ prefix: 'cost', bytes: SIZE_MIB * MIB });
  pods = new Pods(scene.namespace);
});
afterAll(() => {
  pods?.[Symbol.dispose]();
  scene?.[Symbol.dispose]();
});

const KINDS = [
  { kind: 'resumable', flags: [] },
  { kind: 'plain', flags: ['--no-resume'] },
] as const;
type Kind = (typeof KINDS)[number]['kind'];
type Values = Record<Kind, number[]>;
const toValues = (): Values => ({ resumable: [], plain: [] });
const toWords = (flags: readonly string[], ...script: string[]) =>
  scene.ws('ssh', '--no-share', ...flags, 'dev', ...(script.length > 0 ? ['--', ...script] : []));

it.each([
  { way: 'down', script: 'cat big', file: '/dev/null' },
  { way: 'up', script: 'cat > /dev/null', file: undefined },
])('throughput and CPU $way', async ({ way, script, file }) => {
  const { clusters } = parse(readFileSync(getKubeconfig(), 'utf8')) as { clusters: { cluster: { server: string } }[] };
  const node = findNode(new URL(clusters[0]?.cluster.server ?? '').hostname);
  const [seconds, cpu] = [toValues(), toValues()];
  // The first round warms up.
  for (let round = -1; round < ROUNDS; round += 1)
    for (const { kind, flags } of KINDS) {
      const cost = await countCpu(node, () => pour(toWords(flags, script), file ?? scene.big.file));
      if (round < 0) continue;
      seconds[kind].push(cost.seconds);
      cpu[kind].push([...cost.cpu.values()].reduce((sum, value) => sum + value, 0));
    }
  const name = `${SIZE_MIB} MiB ${way}`;
  keepShare(`${name}: time`, { values: seconds, most: 0.1, unit: 's' });
  keepShare(`${name}: CPU of client, cluster and pod`, { values: cpu, most: 0.15, unit: 's' });
});

/** The whole file in, and all that comes out to nowhere, as fast as it goes. */
async function pour([program = '', ...words]: string[], file: string): Promise<void> {
  const input = openSync(file, 'r');
  const child = spawn(program, words, { env: scene.person.environment, stdio: [input, 'ignore', 'inherit'] });
  closeSync(input);
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}`);
}

it('the echo of a key', async () => {
  const shells = KINDS.map(({ kind, flags }) => ({ kind, shell: new Shell(toWords(flags), scene.person.environment) }));
  const values = toValues();
  try {
    for (const { shell } of shells) await shell.see(/\$ $/);
    for (let turn = -10; turn < times(100, 10); turn += 1)
      for (const { kind, shell } of shells) {
        for (let key = 0; key < 40; key += 1) {
          const ms = await shell.echo();
          if (turn >= 0) values[kind].push(ms);
          await sleep(5);
        }
        shell.type('\x15');
        await sleep(50);
      }
  } finally {
    for (const { shell } of shells) shell.end();
  }
  keepShare('echo of a key', { values, most: 0.05, unit: 'ms' });
});

it('the memory of a session', async () => {
  const idle = toValues();
  const busy = toValues();
  for (let round = 0; round < times(3); round += 1)
    for (const { kind, flags } of KINDS) {
      idle[kind].push(await measureSessions(SESSIONS, toWords(flags, 'sleep 1000')));
      // A reader that is stopped: both ends keep as much as they ever do.
      busy[kind].push(await measureSessions(4, toWords(flags, 'cat /dev/zero')));
    }
  for (const [name, values, most] of [
    ['idle', idle, 1],
    ['a download whose reader is stopped', busy, 10],
  ] as const) {
    const [own, plain] = [quantile(values.resumable, 0.5), quantile(values.plain, 0.5)];
    keepFigure('faults', {
      what: `cost in quiet, against \`--no-resume\`: memory of a session in the server, ${name}`,
      goal: `≤ ${most} MiB more`,
      figure: `${(own - plain).toFixed(2)} MiB more (${own.toFixed(2)} and ${plain.toFixed(2)}; medians of ${values.plain.length})`,
      isMet: own - plain <= most,
    });
  }
});

/** MiB that a server takes more for each of so many sessions. It is a new one each time: none gives memory back. */
async function measureSessions(count: number, words: string[]): Promise<number> {
  const last = await pods.awaitReady();
  pods.kill(last);
  const [supervisor = 0] = findInPod(await pods.awaitReady(last), isSupervisor);
  await must(scene, toWords([], 'true'));
  await must(scene, toWords(['--no-resume'], 'true'));
  await sleep(3000);
  const before = readMemory(supervisor).all;
  const children = [];
  for (let n = 0; n < count; n += 1) {
    // Nobody reads what it prints.
    const child = scene.start(words, { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout?.pause();
    children.push(child);
    await sleep(1000);
  }
  await sleep(3000);
  const more = readMemory(supervisor).all - before;
  for (const child of children) {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill();
    child.stdout?.destroy();
    await ended;
  }
  return more / count;
}

interface Share {
  values: Values;
  most: number;
  unit: string;
}

function keepShare(what: string, { values, most, unit }: Share): void {
  const [own, plain] = [quantile(values.resumable, 0.5), quantile(values.plain, 0.5)];
  const more = own / plain - 1;
  keepFigure('faults', {
    what: `cost in quiet, against \`--no-resume\`: ${what}`,
    goal: `≤ ${most * 100} % more`,
    figure: `${Math.abs(more * 100).toFixed(1)} % ${more < 0 ? 'less' : 'more'}: ${own.toFixed(2)} and ${plain.toFixed(2)} ${unit} (medians of ${values.plain.length})`,
    isMet: more <= most,
  });
  expect(values.plain.length).toBeGreaterThan(0);
}
