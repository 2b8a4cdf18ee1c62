/** Helm is not there, too old, or does not come through. */
import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pick, type Scenario } from '../stage/scenario.ts';
import { type DiagnosisStage, WORKSPACE } from '../stage/stage.ts';

const RELEASE = `ws-${WORKSPACE}`;

/** As if a Helm of somebody else were at work: its record says so. */
async function setPending(stage: DiagnosisStage, status: string): Promise<void> {
  const name = `sh.helm.release.v1.${RELEASE}.v1`;
  const text = await stage.kubectl(['get', 'secret', name, '-o', 'jsonpath={.data.release}']);
  const packed = Buffer.from(Buffer.from(text, 'base64').toString(), 'base64');
  const release = JSON.parse(gunzipSync(packed).toString()) as { info: { status: string; description: string } };
  release.info.status = status;
  release.info.description = 'somebody is at work';
  const data = Buffer.from(gzipSync(JSON.stringify(release)).toString('base64')).toString('base64');
  const patch = JSON.stringify({ data: { release: data }, metadata: { labels: { status } } });
  await stage.kubectl(['patch', 'secret', name, '--type=merge', '-p', patch]);
}

export const HELM: Scenario[] = [
  {
    code: 'HELM_MISSING',
    how: 'there is no such program',
    make(stage, n) {
      const program = `/nowhere/helm-${n}`;
      return { words: stage.up(), environment: { WS_HELM: program }, evidence: [program] };
    },
  },
  {
    code: 'HELM_TOO_OLD',
    how: 'a Helm of long ago',
    make(stage, n) {
      const version = `v3.${pick([2, 9, 12], n)}.${n}`;
      const script = `#!/bin/sh\ncase "$*" in *version*) echo '${version}+g0000000' ;; *) echo 'Error: unknown flag: --take-ownership' >&2; exit 1 ;; esac\n`;
      const program = stage.file('helm', script, 0o755);
      return { words: stage.up(), environment: { WS_HELM: program }, evidence: [version.slice(1), '3.14'] };
    },
  },
  {
    code: 'WORKSPACE_BUSY',
    how: 'another Helm is at work',
    async make(stage, n) {
      await stage.ready();
      const status = pick(['pending-upgrade', 'pending-rollback', 'pending-install'], n);
      await setPending(stage, status);
      return { words: stage.upWith({ podAnnotations: { n: String(n) } }), evidence: [status] };
    },
  },
  {
    code: 'CHART_REFUSED',
    how: 'a value that the chart does not have',
    make(stage, n) {
      const values = pick<Record<string, unknown>>(
        [{ imagee: 1 }, { home: { server: 'nas' } }, { resources: 'many' }],
        n,
      );
      return { words: stage.upWith(values), evidence: [Object.keys(values)[0] ?? ''] };
    },
  },
  {
    code: 'HELM_RELEASE_TOO_LARGE',
    how: 'values that no Secret can hold',
    make(stage, n) {
      const bytes = 700_000 + n * 100_000;
      const extraEnv = [{ name: 'LARGE', value: randomBytes(bytes).toString('base64') }];
      return { words: stage.upWith({ extraEnv }), evidence: ['1048576'] };
    },
  },
  {
    code: 'RELEASE_FOREIGN',
    how: 'an object of the same name is somebody else’s',
    async make(stage, n) {
      const kind = pick<'service' | 'deployment' | 'secret'>(['service', 'deployment', 'secret'], n);
      const make = {
        service: ['create', 'service', 'clusterip', RELEASE, '--tcp=80:80'],
        deployment: ['create', 'deployment', RELEASE, '--image=localhost/shell:1', '--replicas=0'],
        secret: ['create', 'secret', 'generic', `${RELEASE}-authorized-keys`],
      }[kind];
      await stage.kubectl(make);
      return { words: stage.up(), evidence: [new RegExp(kind, 'i'), RELEASE] };
    },
  },
];
