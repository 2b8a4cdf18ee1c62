/**
 * Measures `ws` beside what its users would use instead, and writes docs/benchmarks.md when all groups were run.
 * Usage: npm run bench [-- [--quick] [GROUP…]]     scripts/bench.sh gives it a cluster.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import path from 'node:path';
import { measureApiCalls } from './api-calls.ts';
import { measureClients } from './clients.ts';
import { measureCommands } from './commands.ts';
import type { Group, Setting } from './group.ts';
import { measureImage } from './image.ts';
import { measurePods } from './pods.ts';
import { measureRequests } from './requests.ts';
import { formatNotes, formatRows, type Row } from './rows.ts';
import { measureShells } from './shells.ts';
import { Stage } from './stage.ts';
import { measureStartUp } from './start-up.ts';
import { measureTransfers } from './transfers.ts';
import { measureWorkspaces } from './workspaces.ts';

const GROUPS: Record<string, { title: string; measure: Group }> = {
  'start-up': { title: 'Start', measure: measureStartUp },
  commands: { title: 'One command', measure: measureCommands },
  workspaces: { title: 'Workspaces', measure: measureWorkspaces },
  shells: { title: 'Typing', measure: measureShells },
  requests: { title: 'Many connections through one port', measure: measureRequests },
  transfers: { title: 'Large transfers', measure: measureTransfers },
  pods: { title: 'The pod', measure: measurePods },
  clients: { title: 'The client', measure: measureClients },
  'api-calls': { title: 'The API server', measure: measureApiCalls },
  image: { title: 'The image', measure: measureImage },
};

const words = process.argv.slice(2);
const isQuick = words.includes('--quick');
const wanted = words.filter((word) => word !== '--quick');
const unknown = wanted.filter((name) => !(name in GROUPS));
if (unknown.length > 0) {
  process.stderr.write(`There is no group ${unknown.join(', ')}. There is: ${Object.keys(GROUPS).join(', ')}\n`);
  process.exit(2);
}

const stage = new Stage(process.env['WS_BENCH_KUBECONFIG'] ?? '');
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
process.on('exit', () => stage.dispose());

const setting: Setting = isQuick
  ? { stage, rounds: 3, slowRounds: 1, bytes: 2 ** 26 }
  : { stage, rounds: 15, slowRounds: 3, bytes: 2 ** 28 };
await stage.up('dev');
const all: Row[] = [];
const sections: string[] = [];
for (const [name, { title, measure }] of Object.entries(GROUPS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`${name} `);
  const { rows, text } = await measure(setting);
  all.push(...rows);
  const section = [
    `## ${title}`,
    ...(rows.length > 0 ? [formatRows(rows)] : []),
    ...(text === undefined ? [] : [text]),
  ].join('\n\n');
  sections.push(section);
  process.stdout.write(`${section}\n\n`);
}
if (wanted.length === 0 && !isQuick)
  writeFileSync(path.resolve(import.meta.dirname, '../../docs/benchmarks.md'), toPage());
process.exit(0);

function toPage(): string {
  const met = all.filter(({ ratio, goal }) => goal !== undefined && ratio <= goal).length;
  const judged = all.filter(({ goal }) => goal !== undefined).length;
  return `${[
    '# Benchmarks',
    `\`npm run bench\` wrote this page. \`ws\` and what one would use instead took turns in one run on one real cluster; a ratio below 1 says that \`ws\` was faster or smaller. Goals: ${met} of ${judged} met. The times are this machine's and noisy; the ratios are what matters.`,
    describeMachine(),
    ...sections,
    '## What bounds the misses',
    formatNotes(all),
  ].join('\n\n')}\n`;
}

function describeMachine(): string {
  const run = (program: string, ...rest: string[]) =>
    execFileSync(program, rest, { encoding: 'utf8', env: stage.environment }).trim();
  const kubernetes = (JSON.parse(run('kubectl', 'version', '-o', 'json')) as { serverVersion: { gitVersion: string } })
    .serverVersion.gitVersion;
  const ssh = execFileSync('bash', ['-c', 'ssh -V 2>&1'], { encoding: 'utf8' }).split(',')[0];
  const [cpu] = cpus();
  return `Machine: ${cpus().length} cores (${cpu?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release().split('-')[0]}; cluster, clients and peers all on it. Node ${process.version}, Kubernetes ${kubernetes}, Helm ${run('helm', 'version', '--short').split('+')[0]}, ${ssh}.`;
}
