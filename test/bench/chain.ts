/** The CPU that a large stream costs in every program it passes: the clients here and the cluster's own. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { quantile } from './measure.ts';
import { type Computing, findProcesses, listProcesses } from './processes.ts';
import { sampleCommand, sampleFile } from './sample.ts';
import type { Stage } from './stage.ts';

const EVERY_MS = 100;
const LEAST_SECONDS = 0.05;

export interface Cost {
  seconds: number;
  cpu: Map<string, number>;
}

/** A table of `ws ssh` beside OpenSSH, the same bytes in both directions. */
export async function measureChain(stage: Stage, bytes: number, rounds: number): Promise<string> {
  const file = path.join(stage.folder, 'chain');
  execFileSync('sh', ['-c', `head -c ${bytes} /dev/urandom > ${file}`]);
  const expectedSample = sampleFile(file);
  const node = findNode(stage.apiServer.hostname);
  const standing = await stage.portForward('dev');
  const clients = [
    { name: '`ws ssh`', words: stage.ws('ssh', '--no-share', 'dev', '--') },
    { name: 'OpenSSH over a port-forward', words: stage.ssh(standing.port) },
  ];
  const found = new Map<string, Cost[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, words } of clients) {
      const up = await countCpu(node, () => stage.run([...words, 'cat > chain'], { inputFile: file }));
      if (stage.inPod('dev', sampleCommand('chain')).trim() !== expectedSample)
        throw new Error(`${name}: not what was sent`);
      const down = await countCpu(node, () => stage.run([...words, 'cat chain'], { expectedSample }));
      for (const [way, cost] of [['up', up] as const, ['down', down] as const])
        found.set(`${name}, ${way}`, [...(found.get(`${name}, ${way}`) ?? []), cost]);
      process.stderr.write('.');
    }
  }
  await stage.stop(standing.child);
  stage.inPod('dev', 'rm -f chain');
  rmSync(file);
  return toTable(found, bytes);
}

function toTable(found: Map<string, Cost[]>, bytes: number): string {
  const lines = [...found].map(([name, costs]) => {
    const median = (values: number[]) =>
      quantile(
        values.sort((a, b) => a - b),
        0.5,
      );
    const seconds = median(costs.map((cost) => cost.seconds));
    const programs = [...new Set(costs.flatMap(({ cpu }) => [...cpu.keys()]))]
      .map((program) => ({ program, cpu: median(costs.map(({ cpu }) => cpu.get(program) ?? 0)) }))
      .filter(({ cpu }) => cpu >= LEAST_SECONDS)
      .sort((a, b) => b.cpu - a.cpu);
    const all = programs.reduce((sum, { cpu }) => sum + cpu, 0);
    const each = programs.map(({ program, cpu }) => `${program} ${cpu.toFixed(2)}`).join('; ');
    return `| ${name} | ${seconds.toFixed(1)} s | ${all.toFixed(1)} s | ${each} |`;
  });
  return [
    `The CPU of the whole chain for ${bytes / 2 ** 20} MiB, in seconds. This machine has ${cpus().length} CPU seconds each second, for everything that runs on it. “(here)” marks the client’s side; the rest is the cluster’s.`,
    '',
    '| what | time | CPU of all | of each program |',
    '| --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

/**
 * What every program of the chain computes while this runs. What a process did in its last tenth of a second may be
 * missed.
 */
export async function countCpu(node: number, run: () => Promise<void>): Promise<Cost> {
  const before = new Map(listChain(node).map((entry) => [entry.pid, entry]));
  const last = new Map<number, Computing>();
  const look = () => {
    for (const entry of listChain(node)) last.set(entry.pid, entry);
  };
  const timer = setInterval(look, EVERY_MS);
  const begun = performance.now();
  try {
    await run();
  } finally {
    clearInterval(timer);
  }
  const seconds = (performance.now() - begun) / 1000;
  look();
  const cpu = new Map<string, number>();
  for (const { pid, name, cpuSeconds } of last.values())
    cpu.set(name, (cpu.get(name) ?? 0) + cpuSeconds - (before.get(pid)?.cpuSeconds ?? 0));
  return { seconds, cpu };
}

/** The processes below this one, and those of the cluster's node. */
function listChain(node: number): Computing[] {
  const all = listProcesses();
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const isBelow = (pid: number, root: number): boolean => {
    for (let at = parents.get(pid); at !== undefined; at = parents.get(at)) if (at === root) return true;
    return false;
  };
  return all.flatMap((entry) => {
    if (isBelow(entry.pid, process.pid)) return [{ ...entry, name: `${entry.name} (here)` }];
    return isBelow(entry.pid, node) ? [entry] : [];
  });
}

/** The first process in the node's own process namespace: every program of the cluster and of its pods is below it. */
export function findNode(apiServerHost: string): number {
  const [apiServer] = findProcesses('--bind-address', apiServerHost);
  const byId = new Map(listProcesses().map((entry) => [entry.pid, entry]));
  let at = byId.get(apiServer ?? 0);
  while (at !== undefined && byId.get(at.parent)?.name !== 'unshare') at = byId.get(at.parent);
  if (at === undefined) throw new Error('the node of the cluster is not a process of this machine');
  return at.pid;
}
