/** When the cluster first showed that something is wrong, seen by a watch of the test's own. */
import { openCluster } from '../../../src/adapters/kubernetes/cluster.ts';
import type { WorkspaceScene } from '../../../src/workspace/diagnosis/diagnosis.ts';
import type { WorkspaceSnapshot } from '../../../src/workspace/state/snapshot.ts';
import { getKubeconfig } from '../../e2e/cluster-under-test.ts';
import { type DiagnosisStage, WORKSPACE } from '../stage/stage.ts';

/** The kubelet's words for a container that is on its way. */
const ON_ITS_WAY = ['ContainerCreating', 'PodInitializing'];

export interface Signs extends AsyncDisposable {
  firstAtMs: number | undefined;
  /** The last that was seen. */
  last: WorkspaceSnapshot | undefined;
  /** What a diagnosis is made from, as it is now. */
  capture(): Promise<WorkspaceScene | undefined>;
}

export function watchSigns(stage: DiagnosisStage): Signs {
  const end = new AbortController();
  const cluster = openCluster({ kubeconfig: getKubeconfig(), namespace: stage.namespace, environment: process.env });
  const signs: Signs = {
    firstAtMs: undefined,
    last: undefined,
    async capture() {
      const snapshot = signs.last;
      if (snapshot === undefined) return undefined;
      return { snapshot, around: await cluster.lookAround(end.signal) };
    },
    async [Symbol.asyncDispose]() {
      end.abort();
      await watching;
    },
  };
  const watch = async () => {
    for await (const snapshot of cluster.watchWorkspace(WORKSPACE, end.signal)) {
      signs.last = snapshot;
      if (signs.firstAtMs === undefined && isSign(snapshot)) signs.firstAtMs = Date.now();
    }
  };
  const watching = watch().catch(() => undefined);
  return signs;
}

function isSign({ deployment, pod, home, events }: WorkspaceSnapshot): boolean {
  const { reason, lastEnd, state } = pod?.container ?? {};
  return (
    deployment?.failure !== undefined ||
    deployment?.damage !== undefined ||
    pod?.unschedulable !== undefined ||
    pod?.phase === 'Failed' ||
    lastEnd !== undefined ||
    (state === 'waiting' && reason !== undefined && !ON_ITS_WAY.includes(reason)) ||
    home.kind === 'missing-claim' ||
    (home.kind === 'claim' && home.claim.phase === 'Lost') ||
    events.some(({ type }) => type === 'Warning')
  );
}
