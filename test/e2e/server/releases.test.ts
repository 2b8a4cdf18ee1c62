/** The life of a release under both Helm majors, and what operators attach to it from outside. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(() => {
  stage = new Stage('life');
});
afterAll(() => stage?.[Symbol.dispose]());

describe.each(['helm', 'helm3'] as const)('%s', (helm) => {
  it('W5I2-HELM U9A4-TEST R8N9-REUSE Y3S2-DOWN: installs, tests, upgrades, rolls back, uninstalls and installs again, with one host key', async () => {
    const release = stage.release(`ws-by-${helm}`, helm);
    await release.apply();
    const key = release.hostKey;
    const seen = () => release.ssh('echo "$COLOUR"').stdout;
    expect(seen()).toBe('\n');
    const tested = release.helm(['test', release.name, '--timeout', '2m', '--logs']);
    expect(tested).toMatch(/Phase:\s+Succeeded/);
    // Each line of what was checked, with both.
    expect(tested).toMatch(/^ok +L6H3-KEYAUTH /m);
    await release.apply({ extraEnv: [{ name: 'COLOUR', value: 'blue' }] });
    expect(seen()).toBe('blue\n');
    release.helm(['rollback', release.name, '1']);
    release.kubectl(['rollout', 'status', `deployment/${release.name}`, '--timeout=60s']);
    await release.connect();
    expect(seen()).toBe('\n');
    release.uninstall();
    await release.apply();
    expect(seen()).toBe('\n');
    expect(release.hostKey).toBe(key);
    release.uninstall();
  });
});

describe('from outside', () => {
  it("S6R1-EXTERNAL U8N4-INGRESS I2M6-NETPOL N4C7-NETPOL: the operator's policy and Ingress attach by labels and outlive upgrades", async () => {
    const release = stage.release('ws-outer');
    await release.apply();
    const labels = { 'app.kubernetes.io/name': 'ws-workspace', 'app.kubernetes.io/instance': release.name };
    const ssh = { protocol: 'TCP', port: 'ssh' };
    const objects = [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'mine' },
        spec: { podSelector: { matchLabels: labels }, policyTypes: ['Ingress'], ingress: [{ ports: [ssh] }] },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'mine' },
        spec: { defaultBackend: { service: { name: release.name, port: { name: 'ssh' } } } },
      },
    ];
    for (const object of objects) stage.kubectl(['apply', '-f', '-'], JSON.stringify(object));
    const selector = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const selected = () =>
      stage
        .kubectl(['get', 'pod', '-l', selector.join(','), '-o', 'name'])
        .trim()
        .split('\n');
    expect(selected()).toEqual([`pod/${release.pod}`]);
    const backend = () => stage.kubectl(['describe', 'ingress', 'mine']);
    expect(backend()).toMatch(new RegExp(`${release.name}:ssh \\(\\d+\\.\\d+\\.\\d+\\.\\d+:2222\\)`));
    await release.apply({ podLabels: { team: 'blue' } });
    expect(selected()).toEqual([`pod/${release.pod}`]);
    expect(release.ssh('echo through').stdout).toBe('through\n');
    release.uninstall();
    expect(stage.kubectl(['get', 'networkpolicy,ingress', '-o', 'name']).trim().split('\n')).toHaveLength(2);
  });

  it('N4C7-NETPOL I2M6-NETPOL Z4T5-NOPROV: the API server takes the policies and the restored claim of the documents', () => {
    const recipes = readFileSync(path.resolve(import.meta.dirname, '../../../docs/operators.md'), 'utf8');
    const blocks = [...recipes.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
    // Kinds of other projects, as a TCPRoute or an Application, are known only where those are installed.
    const own = blocks.filter((block) => ['NetworkPolicy', 'PersistentVolumeClaim'].includes(parse(block).kind));
    const taken = own.map((block) =>
      stage.kubectl(['apply', '--dry-run=server', '-o', 'name', '-f', '-'], block).trim(),
    );
    expect(taken.map((name) => name.split('/')[0])).toEqual([
      'networkpolicy.networking.k8s.io',
      'networkpolicy.networking.k8s.io',
      'persistentvolumeclaim',
    ]);
  });
});
