/**
 * What a value has set, an upgrade without it takes back, and so does a rollback. The API server keeps some fields that
 * a manifest leaves out. Each permutation of the chart's tests is tried, so one that comes later is tried as well.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HELMS, share } from '../../chart/helm.ts';
import { PERMUTATIONS } from '../../chart/permutations.ts';
import type { Release } from '../operator/release.ts';
import { Stage } from '../support/stage.ts';

const NO_PODS = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'no-pods' },
  spec: { hard: { pods: '0' } },
};

/** What the values only name: an upgrade that names something else is refused before the API server hears of it. */
const BROUGHT = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'shared' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } } },
    },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { authorized_keys: '' } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'identity' }, stringData: { ssh_host_key: '' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'company-ca' }, data: {} },
  ],
};

let stage: Stage;
beforeAll(() => {
  stage = new Stage('back');
  // This is about what the API server has; pods would only take time.
  stage.kubectl(['apply', '-f', '-'], JSON.stringify(NO_PODS));
});
afterAll(() => stage?.[Symbol.dispose]());

/** Without the kind of another project, which is known only where that is installed. */
const OWN = PERMUTATIONS.filter(({ name }) => !['defaults', 'a PodMonitor'].includes(name));

describe.each(HELMS)('%s', (helm) => {
  let release: Release;
  let before: unknown[];
  const write = (values: object) =>
    release.helm(
      ['upgrade', '--install', release.name, release.chart, '--reset-values', '-f', '-'],
      JSON.stringify({ authorizedKeys: [release.publicKey], ...values }),
    );
  beforeAll(() => {
    release = stage.release(`ws-by-${helm}`, helm);
    write({});
    before = readSpecs(release);
  });

  it.each(share(OWN, helm))(
    '$name',
    ({ values }) => {
      stage.kubectl(['apply', '-f', '-'], JSON.stringify(BROUGHT));
      write(values);
      expect(readSpecs(release)).not.toEqual(before);
      write({});
      expect(readSpecs(release)).toEqual(before);
      write(values);
      release.helm(['rollback', release.name]);
      expect(readSpecs(release)).toEqual(before);
      // The next one asks for another.
      release.kubectl(['delete', 'pvc', '--all']);
    },
    60_000,
  );
});

/** What the API server has of the release. */
function readSpecs(release: Release): unknown[] {
  const selector = ['--selector', `app.kubernetes.io/instance=${release.name}`];
  const { items } = JSON.parse(release.kubectl(['get', 'deployment,service', ...selector, '-o', 'json'])) as {
    items: { kind: string; metadata: { name: string }; spec: Record<string, unknown> }[];
  };
  return items.map(({ kind, metadata, spec }) => ({ kind, name: metadata.name, spec }));
}
