import type { NewHome, NewWorkspace } from '../../operations/choices/describe-new.ts';
import type { UpPlan } from '../../operations/plan-up.ts';
import { type FieldRow, formatFields } from '../../report/results/tables.ts';
import { wrapLines } from '../../report/wrap.ts';
import { describeInUse } from '../asking/restart-consent.ts';

/** What `ws up` would do, a sentence a line; of a new workspace, with a table of what it would be. */
export function describePlan(
  plan: UpPlan,
  { context, namespace }: { context: string; namespace: string },
  { colorOnStdout: color, stdout }: { colorOnStdout: boolean; stdout: { columns?: number } },
  nowMs: number,
): string {
  const { workspace, release, change, pod, inUse, newKey, makes } = plan;
  const mayRestart = pod === 'restart' || pod === 'resize-or-restart';
  const facts = mayRestart ? describeInUse(workspace, inUse, nowMs).map((fact) => `${fact}.`) : [];
  const key = newKey === undefined ? [] : [`Would make the key ${newKey}.`];
  const table = makes === undefined ? [] : ['', formatFields(toRows(makes), { color, width: stdout.columns })];
  const sentences = [...key, ...describeChange(), ...facts].join('\n');
  return [stdout.columns ? wrapLines(sentences, stdout.columns) : sentences, ...table].join('\n');

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

function toRows({ user, uid, home, identity, image, cpu, memory }: NewWorkspace): FieldRow[] {
  const rows: [label: string, value: string | undefined][] = [
    ['User', user === undefined || uid === undefined ? user : `${user}, user ID ${uid}`],
    ['Home', describeHome(home)],
    ['Home size', home.size],
    ['Storage class', home.kind === 'new' ? (home.storageClass ?? "the cluster's default") : home.storageClass],
    ['Key', identity],
    ['Image', image],
    ['CPU limit', cpu],
    ['Memory limit', memory],
  ];
  return rows.flatMap(([label, value]): FieldRow[] => (value === undefined ? [] : [[label, value]]));
}

function describeHome({ kind, claim, subPath }: NewHome): string {
  const where = subPath === undefined ? `claim ${claim}` : `folder ${subPath} of claim ${claim}`;
  switch (kind) {
    case 'emptyDir':
      return 'no volume: it is lost when the pod goes';
    case 'new':
      return `a new volume, ${where}`;
    case 'kept':
      return `the kept one, ${where}`;
    case 'existing':
      return where;
  }
}

const POD: Record<UpPlan['pod'], (workspace: string) => string> = {
  none: (workspace) => `No pod of workspace ${workspace} runs that could restart.`,
  stays: () => 'Nothing restarts.',
  resize: () => 'CPU and memory change in the running pod: nothing restarts if its node has room.',
  'resize-or-restart': (workspace) =>
    `CPU and memory change in the running pod. If more memory is in use than the new limit, file cache included, this restarts workspace ${workspace}.`,
  restart: (workspace) => `This restarts workspace ${workspace}.`,
};

export type PlanDocument = ReturnType<typeof toPlanDocument>;

/** The plan as a document: facts alone. */
export function toPlanDocument({ workspace, release, change, pod, inUse, newKey, makes }: UpPlan) {
  const { sessions, sinceMs, detached } =
    inUse.kind === 'somebody' ? inUse : { sessions: 0, sinceMs: undefined, detached: 0 };
  return {
    workspace,
    release,
    change,
    pod,
    newKey,
    makes,
    inUse: inUse.kind,
    sessions,
    sessionsSince: sinceMs === undefined ? undefined : new Date(sinceMs).toISOString(),
    detachedPrograms: detached,
  };
}
