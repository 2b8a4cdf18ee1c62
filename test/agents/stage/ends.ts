/** How the pod of a workspace ends. Each leaves it to Kubernetes to start the next one. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
    name: 'the container killed (SIGKILL)',
    isAsked: false,
    make: (release) => process.kill(findServer(release), 'SIGKILL'),
  },
  {
    name: '`kubectl delete pod`',
    isAsked: true,
    make: (release) => void release.kubectl(['delete', 'pod', release.pod, '--wait=false']),
  },
  {
    name: 'the container out of memory (OOMKilled)',
    isAsked: false,
    make(release) {
      // The kernel would end the greedy program. Here it is told that the server is the one to end.
      writeFileSync(`/proc/${findServer(release)}/oom_score_adj`, '1000');
      release.ssh('for n in 1 2 3 4; do tail /dev/zero & done; wait');
    },
  },
  { name: '`kubectl drain` of the node', isAsked: true, make: drain },
];

function drain(release: Release): void {
  const node = release.kubectl(['get', 'pod', release.pod, '-o', 'jsonpath={.spec.nodeName}']);
  const only = `--pod-selector=app.kubernetes.io/instance=${release.name}`;
  try {
    kubectl(['drain', node, only, '--delete-emptydir-data', '--timeout=90s']);
  } finally {
    kubectl(['uncordon', node]);
  }
}

/** The server's process, as the node's own machine numbers it. */
function findServer(release: Release): number {
  const uid = release.kubectl(['get', 'pod', release.pod, '-o', 'jsonpath={.metadata.uid}']);
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find(
      (pid) =>
        readProc(pid, 'cgroup').includes(uid) &&
        readProc(pid, 'cmdline').includes('/opt/ws/supervisor.mjs') &&
        !readProc(pid, 'cmdline').startsWith('/usr/bin/tini'),
    );
  if (found === undefined) throw new Error(`no server of pod ${uid} runs on this machine`);
  return Number(found);
}

function readProc(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
