/** What a maintainer needs to see of somebody else's trouble, in one document and without secrets. */
import { diagnose, type WorkspaceScene } from '../../workspace/diagnosis/diagnosis.ts';
import { type Look, listSeen, type Surroundings, UNASKED } from '../../workspace/diagnosis/scene.ts';
import { WorkspaceError } from '../../workspace/errors/errors.ts';
import { maskSecrets } from '../../workspace/errors/secrets.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { Cluster } from '../../workspace/world.ts';
import type { Finding } from './examine.ts';

export interface Bundle {
  v: 1;
  /** Of `ws`, Node and the system: names and versions. */
  program: Record<string, string>;
  findings: Finding[];
  workspaces: { name: string; state: string; causes: string[]; snapshot: WorkspaceSnapshot }[];
  surroundings: Surroundings;
}

export interface BundleParts {
  program: Record<string, string>;
  findings: Finding[];
  cluster: Cluster | WorkspaceError;
}

/** Looks again at the cluster, as far as it answers: what cannot be had is left out, and the findings say why. */
export async function collectBundle({ program, findings, cluster }: BundleParts, signal: AbortSignal): Promise<Bundle> {
  const [snapshots, surroundings] =
    cluster instanceof WorkspaceError
      ? [[], UNASKED]
      : await Promise.all([
          cluster.listWorkspaces(signal).catch(unlessInterrupted<WorkspaceSnapshot[]>([])),
          cluster.lookAround(signal),
        ]);
  const workspaces = snapshots.map((snapshot) => {
    const scene: WorkspaceScene = { snapshot, around: surroundings };
    const { state, causes } = diagnose(scene);
    return { name: snapshot.name, state, causes: causes.map(({ code }) => code), snapshot };
  });
  return withoutSecrets({ v: 1, program, findings, workspaces, surroundings });
}

function unlessInterrupted<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof WorkspaceError && error.code !== 'INTERRUPTED') return instead;
    throw error;
  };
}

/** A line for each part, to read before it is given away. */
export function listBundleParts({ program, findings, workspaces, surroundings }: Bundle): string[] {
  const seen = (Object.entries(surroundings) as [string, Look<unknown>][])
    .map(([what, look]) => `${what} ${look.kind === 'seen' ? listSeen(look).length : look.kind}`)
    .join(', ');
  const named = workspaces.map(({ name, state, causes }) => `${name} (${[state, ...causes].join(', ')})`).join(', ');
  return [
    `program: ${Object.entries(program)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    `findings: ${findings.length} lines of ws doctor, with the paths and names in them`,
    `workspaces: ${named || 'none'}; each with its pods, its claim, and its events in the words of Kubernetes`,
    `surroundings: ${seen}; with their names, labels and numbers`,
    'It has no Secret, no key, no token, no kubeconfig and no values file.',
  ];
}

/** The same with what looks like a secret made unreadable in every text. */
export function withoutSecrets<T>(value: T): T {
  if (typeof value === 'string') return maskSecrets(value) as T;
  if (Array.isArray(value)) return value.map(withoutSecrets) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutSecrets(part)])) as T;
}
