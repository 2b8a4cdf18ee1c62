/** The real cluster of a test run, and a namespace in it that goes away with the test. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openCluster } from '../../src/adapters/kubernetes/cluster.ts';

/** Fails at once, with what to do, when there is no cluster to test on. */
export function getKubeconfig(): string {
  const kubeconfig = process.env['WS_TEST_KUBECONFIG'];
  if (kubeconfig !== undefined) return kubeconfig;
  throw new Error(
    'WS_TEST_KUBECONFIG names no kubeconfig. Start a cluster (npm run cluster -- up) and set it to the path it prints',
  );
}

export function kubectl(words: string[], input?: string): string {
  return execFileSync('kubectl', ['--kubeconfig', getKubeconfig(), ...words], {
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

export interface TestNamespace extends Disposable {
  name: string;
  cluster: ReturnType<typeof openCluster>;
}

/** Pods in it must be as pod security asks of the strictest: `ws` promises that everywhere. */
export function makeNamespace(prefix: string): TestNamespace {
  const name = `${prefix}-${randomBytes(3).toString('hex')}`;
  const metadata = { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } };
  kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata }));
  const cluster = openCluster({ kubeconfig: getKubeconfig(), namespace: name, environment: process.env });
  return {
    name,
    cluster,
    [Symbol.dispose]: () => void kubectl(['delete', 'namespace', name, '--wait=false']),
  };
}
