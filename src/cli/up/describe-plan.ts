import type { UpPlan } from '../../operations/plan-up.ts';
import { describeInUse } from '../asking/restart-consent.ts';

/** What `ws up` would do, a sentence a line. */
export function describePlan(
  plan: UpPlan,
  { context, namespace }: { context: string; namespace: string },
  nowMs: number,
): string {
  const { workspace, release, change, pod, inUse, newKey } = plan;
  const facts = pod === 'restart' ? describeInUse(workspace, inUse, nowMs).map((fact) => `${fact}.`) : [];
  const key = newKey === undefined ? [] : [`Would make the key ${newKey}.`];
  return [...key, ...describeChange(), ...facts].join('\n');

  function describeChange(): string[] {
    switch (change) {
      case 'nothing':
        return [`Nothing would change: workspace ${workspace} is there.`];
      case 'make':
        return [
          `Would make workspace ${workspace}, release ${release}, in namespace ${namespace}, context ${context}.`,
        ];
      case 'start':
        return [`Would start workspace ${workspace}, and write release ${release}.`];
      case 'write':
        return [`Would write release ${release}.`, POD[pod](workspace)];
    }
  }
}

const POD: Record<UpPlan['pod'], (workspace: string) => string> = {
  none: (workspace) => `No pod of workspace ${workspace} runs that could restart.`,
  stays: () => 'Nothing restarts.',
  resize: () => 'CPU and memory change in the running pod: nothing restarts.',
  restart: (workspace) => `This restarts workspace ${workspace}.`,
};

export type PlanDocument = ReturnType<typeof toPlanDocument>;

/** The plan as a document: facts alone. */
export function toPlanDocument({ workspace, release, change, pod, inUse, newKey }: UpPlan) {
  const { sessions, sinceMs, detached } =
    inUse.kind === 'somebody' ? inUse : { sessions: 0, sinceMs: undefined, detached: 0 };
  return {
    workspace,
    release,
    change,
    pod,
    newKey,
    inUse: inUse.kind,
    sessions,
    sessionsSince: sinceMs === undefined ? undefined : new Date(sinceMs).toISOString(),
    detachedPrograms: detached,
  };
}
