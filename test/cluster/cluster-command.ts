/** The cluster's own command, as a person runs it, and a look at everything that a cluster keeps on this machine. */
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SCRIPT = path.resolve(import.meta.dirname, '../../scripts/cluster.sh');

export interface Outcome {
  status: number;
  stdout: string;
  stderr: string;
}

export function runCluster(...words: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile('bash', [SCRIPT, ...words], { encoding: 'utf8' }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** A name that no other run uses, of at most nine letters. */
export function makeClusterName(prefix: string): string {
  return `${prefix}-${randomBytes(2).toString('hex')}`;
}

export function stateFolder(name: string): string {
  return path.join(process.env['XDG_STATE_HOME'] ?? path.join(homedir(), '.local/state'), 'ws/clusters', name);
}

export function readPid(name: string, file: 'keeper.pid' | 'node.pid'): number {
  return Number(readFileSync(path.join(stateFolder(name), file), 'utf8'));
}

export function kubectl(name: string, words: string[], input?: string): string {
  const program = path.join(execFileSync('bash', [SCRIPT, 'path'], { encoding: 'utf8' }).trim(), 'kubectl');
  return execFileSync(program, ['--kubeconfig', path.join(stateFolder(name), 'admin.kubeconfig'), ...words], {
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

export function isNodeReady(name: string): boolean {
  return / Ready /.test(kubectl(name, ['get', 'nodes', '--no-headers']));
}

export interface Traces {
  processes: string[];
  mounts: string[];
  interfaces: string[];
  tables: string[];
  cgroups: string[];
  folders: string[];
}

/** What of one cluster this machine holds; mounts are those that the machine itself sees, not the node's own. */
export function findTraces(name: string): Traces {
  return {
    processes: readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && belongsTo(name, pid)),
    mounts: findMounts('self', name),
    interfaces: readdirSync('/sys/class/net').filter((link) => link === `wsc-${name}`),
    tables: execFileSync('nft', ['list', 'tables'], { encoding: 'utf8' })
      .split('\n')
      .filter((table) => table.endsWith(` ws_cluster_${name.replaceAll('-', '_')}`)),
    cgroups: globSync([`/sys/fs/cgroup/ws-cluster-${name}`, `/sys/fs/cgroup/*/ws-cluster-${name}`]),
    folders: [stateFolder(name)].filter((folder) => existsSync(folder)),
  };
}

export const NO_TRACES: Traces = { processes: [], mounts: [], interfaces: [], tables: [], cgroups: [], folders: [] };

/** Mounts under the cluster's folder, or of the kinds that every node makes for itself, that a process sees. */
export function findMounts(pid: number | string, name: string): string[] {
  return readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
    .split('\n')
    .filter((line) => line.includes(`${stateFolder(name)}/`) || / node-(run|log) /.test(line));
}

function belongsTo(name: string, pid: string): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return (
      readlinkSync(`/proc/${pid}/cwd`).startsWith(stateFolder(name)) ||
      readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(`/ws-cluster-${name}`) ||
      words.includes(`${stateFolder(name)}/`) ||
      new RegExp(`guard\\.sh\0(keeper|sweeper)\0${name}\0`).test(words)
    );
  } catch {
    // It ended between being listed and being read.
    return false;
  }
}

/** The last look when the limit is over, for the assertion to show. */
export async function awaitNoTraces(name: string, limitMs: number): Promise<Traces> {
  const end = Date.now() + limitMs;
  let traces = findTraces(name);
  while (Object.values(traces).some((list) => list.length > 0) && Date.now() < end) {
    await sleep(200);
    traces = findTraces(name);
  }
  return traces;
}
