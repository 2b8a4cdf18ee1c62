/** Kubeconfigs that are the tests' own, with something in them changed. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { getKubeconfig } from '../../e2e/cluster-under-test.ts';
import type { DiagnosisStage } from './stage.ts';
import { runProgram } from './stage.ts';

const ROLE = path.resolve(import.meta.dirname, '../../../docs/role.yaml');

interface Changes {
  cluster?: Record<string, unknown>;
  user?: Record<string, unknown>;
}

/** The administrator's kubeconfig with parts of it replaced; the environment that names it. */
export async function writeKubeconfig(
  stage: DiagnosisStage,
  { cluster, user }: Changes,
): Promise<Record<string, string>> {
  const done = await runProgram('kubectl', [
    '--kubeconfig',
    getKubeconfig(),
    'config',
    'view',
    '--raw',
    '--minify',
    '--flatten',
    '-o',
    'json',
  ]);
  const whole = JSON.parse(done.stdout) as {
    clusters: { cluster: Record<string, unknown> }[];
    users: { user: Record<string, unknown> }[];
  };
  const [ours] = whole.clusters;
  if (ours !== undefined && cluster !== undefined) ours.cluster = { ...ours.cluster, ...cluster };
  const [who] = whole.users;
  if (who !== undefined && user !== undefined) who.user = user;
  return { KUBECONFIG: stage.file('kubeconfig', stringify(whole)) };
}

/** Whoever has these rights in the stage's namespace and no others. */
export async function bindRole(stage: DiagnosisStage, name: string, rules: object[]): Promise<Record<string, string>> {
  await stage.create(
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name }, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: stage.namespace }],
    },
  );
  const token = (await stage.kubectl(['create', 'token', name])).trim();
  return writeKubeconfig(stage, { user: { token } });
}

export function readText(file: string): string {
  return readFileSync(file, 'utf8');
}

/** A rule of a Role. */
export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** The least that a user needs, as docs/operators.md tells it. */
export function readRole(): Rule[] {
  return (parse(readText(ROLE)) as { rules: Rule[] }).rules;
}
