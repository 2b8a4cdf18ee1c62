/** How the pod of a workspace ends. Each leaves it to Kubernetes to start the next one. */
import { readdirSync, readFileSync } from 'node:fs';
import { kubectl } from '../../e2e/cluster-under-test.ts';
import type { Release } from '../../e2e/operator/release.ts';

export interface End {
  name: string;
  /** Whether the pod is asked first. */
  isAsked: boolean;
  make(release: Release): void;
}

export const ENDS: readonly End[] = [
  {
    name: 'its server killed (SIGKILL)',
    isAsked: false,
    make: (release) => process.kill(findServer(release), 'SIGKILL'),
  },
  {
    name: '`kubectl delete pod`',
    isAsked: true,
    make: (release) => void release.kubectl(['delete', 'pod', release.pod, '--wait=false']),
  },
  {
    // As the kernel ends a container that is out of memory, where it ends it as a whole (cgroup v2).
    name: 'all its programs killed at once',
    isAsked: false,
    make: (release) => listPrograms(release).forEach(kill),
  },
  { name: '`kubectl drain` of the node', isAsked: true, make: drain },
];

/** The first one's end is that of all others. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function drain(release: Release): void {
  const node = release.kubectl(['get', 'pod', release.pod, '-o', 'jsonpath={.spec.nodeName}']);
  const only = `--pod-selector=app.kubernetes.io/instance=${release.name}`;
  try {
    kubectl(['drain', node, only, '--delete-emptydir-data', '--timeout=90s']);
  } finally {
    kubectl(['uncordon', node]);
  }
}

/** MiB of the server's own memory, and with the pages of Node's program that it shares. */
export function readServerMemory(release: Release): { own: number; all: number } {
  const status = readProc(findServer(release), 'status');
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { own: read('RssAnon'), all: read('VmRSS') };
}

/** The server's process, as the node's own machine numbers it. */
function findServer(release: Release): number {
  const server = listPrograms(release).find((pid) =>
    readProc(pid, 'cmdline').startsWith('/usr/local/bin/node\0--disable'),
  );
  if (server === undefined) throw new Error(`no server of ${release.pod} runs on this machine`);
  return server;
}

/** The first of them is the first of the container. */
function listPrograms(release: Release): number[] {
  const uid = release.kubectl(['get', 'pod', release.pod, '-o', 'jsonpath={.metadata.uid}']);
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .toSorted((a, b) => a - b);
  // Beside them the pod has one that holds its network.
  const found = pids.filter(
    (pid) => readProc(pid, 'cgroup').includes(uid) && !readProc(pid, 'cmdline').includes('catatonit'),
  );
  if (found.length === 0) throw new Error(`no program of ${release.pod} runs on this machine`);
  return found;
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
