/**
 * Measures `ws` beside what its users would use instead. A run of all groups writes docs/benchmarks.md.
 * Usage: npm run bench [-- [--quick] [--gib] [GROUP…]]     scripts/bench.sh gives it a cluster.
 * --gib: large transfers of 1 GiB instead of 256 MiB: twenty minutes more.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import path from 'node:path';
import { wrapMarkdown } from '../../scripts/wrap-markdown.ts';
import type { Group, Setting } from './group.ts';
import { measureApiCalls } from './groups/api-calls.ts';
import { measureClients } from './groups/clients.ts';
import { measureCommands } from './groups/commands.ts';
import { measureImage } from './groups/image.ts';
import { measurePods } from './groups/pods.ts';
import { measureProfiles } from './groups/profiles.ts';
import { measureRequests } from './groups/requests.ts';
import { measureScaling } from './groups/scaling.ts';
import { measureShells } from './groups/shells.ts';
import { measureStartUp } from './groups/start-up.ts';
import { measureTransfers } from './groups/transfers.ts';
import { measureWorkspaces } from './groups/workspaces.ts';
import { formatNotes, formatRows, type Row } from './rows.ts';
import { Stage } from './stage.ts';

/** In the order of the page. The slowest group is last. */
const GROUPS: Record<string, { title: string; measure: Group }> = {
  'start-up': { title: 'Start', measure: measureStartUp },
  commands: { title: 'One command', measure: measureCommands },
  workspaces: { title: 'Workspaces', measure: measureWorkspaces },
  shells: { title: 'Typing', measure: measureShells },
  requests: { title: 'Many connections through one port', measure: measureRequests },
  pods: { title: 'The pod', measure: measurePods },
  'api-calls': { title: 'The API server', measure: measureApiCalls },
  image: { title: 'The image', measure: measureImage },
  profiles: { title: 'Where the time goes', measure: measureProfiles },
  scaling: { title: 'As the work grows', measure: measureScaling },
  clients: { title: 'The memory of the client', measure: measureClients },
  transfers: { title: 'Large transfers', measure: measureTransfers },
};

const words = process.argv.slice(2);
const isQuick = words.includes('--quick');
const isGibibyte = words.includes('--gib');
const wanted = words.filter((word) => !['--quick', '--gib'].includes(word));
const unknown = wanted.filter((name) => !(name in GROUPS));
if (unknown.length > 0) {
  process.stderr.write(`There is no group ${unknown.join(', ')}. There is: ${Object.keys(GROUPS).join(', ')}\n`);
  process.exit(2);
}

const stage = new Stage(process.env['WS_BENCH_KUBECONFIG'] ?? '');
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.on(signal, () => process.exit(status));
process.on('exit', () => stage.dispose());

const setting: Setting = isQuick
  ? { stage, rounds: 3, slowRounds: 1, transferRounds: 1, bytes: 2 ** 26 }
  : {
      stage,
      rounds: 12,
      slowRounds: 3,
      transferRounds: 10,
      bytes: isGibibyte ? 2 ** 30 : 2 ** 28,
    };
const isWhole = wanted.length === 0 && !isQuick;
await stage.prepare();
const all: Row[] = [];
const sections: string[] = [];
const open = new Map(Object.entries(GROUPS).map(([name, { title }]) => [name, title]));
/** The load average over a minute, before the first group and after each. */
const loads = [loadavg()[0] ?? 0];
let failed = 0;
for (const [name, { title, measure }] of Object.entries(GROUPS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`${name} `);
  const section = [`## ${title}`];
  try {
    const { rows, text } = await measure(setting);
    all.push(...rows);
    section.push(...(rows.length > 0 ? [formatRows(rows)] : []), ...(text === undefined ? [] : [text]));
  } catch (error) {
    // One failure does not lose the other measurements; the page names it.
    failed += 1;
    process.stderr.write(`\n${error instanceof Error ? error.stack : String(error)}\n`);
    section.push('Not measured: a program did not do what it should.');
  }
  open.delete(name);
  loads.push(loadavg()[0] ?? 0);
  sections.push(section.join('\n\n'));
  process.stdout.write(`${sections.at(-1)}\n\n`);
  // After each group, so that an interrupted run leaves what it has measured.
  if (isWhole) writeFileSync(path.resolve(import.meta.dirname, '../../docs/benchmarks.md'), wrapMarkdown(toPage()));
}
process.exit(failed > 0 ? 1 : 0);

function toPage(): string {
  const notes = formatNotes(all);
  return `${[
    '# Benchmarks',
    '`npm run bench` wrote this page. In one run, on one real cluster, `ws` took turns with what you would use instead. A ratio below 1 means that `ws` was faster or smaller.',
    `\`ws\` met ${count((ratio, goal) => ratio <= goal)} of ${count(() => true)} goals. The ratios matter; the times are noisy and belong to this machine. Each value is a median, with the range from the tenth to the ninetieth percentile.`,
    describeMachine(),
    ...sections,
    ...(open.size === 0 ? [] : [`The run ended before these groups: ${[...open.values()].join(', ')}.`]),
    ...(notes === '' ? [] : ['## What bounds the misses', notes]),
  ].join('\n\n')}\n`;
}

function count(holds: (ratio: number, goal: number) => boolean): number {
  return all.filter(({ ratio, goal }) => goal !== undefined && holds(ratio, goal)).length;
}

function describeMachine(): string {
  const run = (program: string, ...rest: string[]) =>
    execFileSync(program, rest, { encoding: 'utf8', env: stage.environment }).trim();
  const kubernetes = (JSON.parse(run('kubectl', 'version', '-o', 'json')) as { serverVersion: { gitVersion: string } })
    .serverVersion.gitVersion;
  const ssh = execFileSync('bash', ['-c', 'ssh -V 2>&1'], { encoding: 'utf8' }).split(',')[0];
  const [cpu] = cpus();
  return `The machine has ${cpus().length} cores (${cpu?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB and Linux ${release().split('-')[0]}. The cluster, \`ws\` and its peers all ran on it. Its load was ${loads[0]?.toFixed(0)} at the start, and between ${Math.min(...loads.slice(1)).toFixed(0)} and ${Math.max(...loads.slice(1)).toFixed(0)} after each group. Versions: Node ${process.version}, Kubernetes ${kubernetes}, Helm ${run('helm', 'version', '--short').split('+')[0]}, ${ssh}.`;
}
