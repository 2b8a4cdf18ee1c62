import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { measureChain } from '../chain.ts';
import type { Group } from '../group.ts';
import { quantile } from '../measure.ts';
import type { Stage } from '../stage.ts';

const OUTSIDE = 'Node’s start and end, and the exit of the process';
const LEAST_MS = 1;

/**
 * Where the time of the commands goes that are measured elsewhere: V8's own profile, and the CPU of all that carries
 * bytes.
 */
export const measureProfiles: Group = async ({ stage, slowRounds, bytes }) => {
  const commands: [string, string[]][] = [
    ['`ws --help`', ['--help']],
    ['`ws ssh -- true`, no held connection', ['ssh', '--no-share', 'dev', '--', 'true']],
    ['`ws ssh -- true`, over a held connection', ['ssh', 'dev', '--', 'true']],
    ['`ws up`, an existing workspace', ['up', 'dev', '--no-shell']],
  ];
  const profiles: string[] = [];
  await stage.run(stage.ws('ssh', 'dev', '--', 'true'));
  for (const [name, words] of commands) {
    profiles.push(`| ${name} | ${await profile(stage, words, Math.max(5, slowRounds))} |`);
    process.stderr.write('.');
  }
  const chain = await measureChain(stage, Math.min(bytes, 2 ** 28), Math.max(slowRounds, 2));
  process.stderr.write('\n');
  const text = [
    'Milliseconds of one run, as medians of several. V8’s sampling profiler was on, which slows them down a little. “Waiting” is for the API server, the pod and the disk. “Native code” is V8’s compiler, OpenSSL and system calls.',
    '',
    '| command | where its time goes |',
    '| --- | --- |',
    ...profiles,
    '',
    chain,
  ].join('\n');
  return { rows: [], text };
};

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  timeDeltas: number[];
}

async function profile(stage: Stage, words: string[], rounds: number): Promise<string> {
  const folder = path.join(stage.folder, 'profiles');
  const parts = new Map<string, number[]>();
  const [node = '', ...rest] = stage.ws(...words);
  for (let round = 0; round < rounds; round += 1) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const begun = performance.now();
    await stage.run([node, '--cpu-prof', `--cpu-prof-dir=${folder}`, ...rest]);
    const wholeMs = performance.now() - begun;
    const [file] = readdirSync(folder);
    if (file === undefined) throw new Error(`${words.join(' ')} left no profile`);
    const found = divide(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as CpuProfile);
    found.set(OUTSIDE, Math.max(0, wholeMs - [...found.values()].reduce((sum, ms) => sum + ms, 0)));
    for (const [name, ms] of found) parts.set(name, [...(parts.get(name) ?? []), ms]);
  }
  return [...parts]
    .map(([name, values]) => {
      const absent: number[] = Array.from({ length: rounds - values.length }, () => 0);
      const sorted = [...absent, ...values].sort((a, b) => a - b);
      return { name, ms: quantile(sorted, 0.5) };
    })
    .sort((a, b) => b.ms - a.ms)
    .filter(({ ms }) => ms >= LEAST_MS)
    .map(({ name, ms }) => `${name} ${ms.toFixed(0)}`)
    .join('; ');
}

/** The milliseconds of each part of the program. */
function divide({ nodes, samples, timeDeltas }: CpuProfile): Map<string, number> {
  const origins = new Map(nodes.map(({ id, callFrame }) => [id, toOrigin(callFrame)]));
  const parts = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = origins.get(id) ?? 'unknown';
    parts.set(name, (parts.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  }
  return parts;
}

function toOrigin({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  if (functionName === '(idle)') return 'waiting';
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (functionName.startsWith('(') || url === '') return 'native code';
  if (/^node:internal\/(?:modules|bootstrap|main|process)/.test(url)) return 'Node’s loader';
  if (url.startsWith('node:')) return 'Node’s modules';
  // Minified and of many packages: a line says no more than the file.
  return 'JavaScript of `ws` and its packages';
}
