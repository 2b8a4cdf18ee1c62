/** How the pod of a workspace ends. Each leaves it to Kubernetes to start the next one. */
import { kubectl } from '../../e2e/cluster-under-test.ts';
import type { Release } from '../../e2e/operator/release.ts';
import { endProgram, findInPod, isOfContainer, isSupervisor } from '../../e2e/support/pod-processes.ts';

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
    make: (release) => endProgram(findServer(release)),
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
    make: killAll,
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
export function findServer(release: Release): number {
  const [server] = findInPod(getPod(release), isSupervisor);
  if (server === undefined) throw new Error(`no server of ${release.pod} runs on this machine`);
  return server;
}

/** The end of the first one is that of all others. */
function killAll(release: Release): void {
  const programs = findInPod(getPod(release), isOfContainer);
  if (programs.length === 0) throw new Error(`no program of ${release.pod} runs on this machine`);
  for (const pid of programs) endProgram(pid);
}

function getPod(release: Release): { uid: string } {
  return { uid: release.kubectl(['get', 'pod', release.pod, '-o', 'jsonpath={.metadata.uid}']) };
}
