/** A registry on the node's own network, where the runtime takes plain HTTP: one for a run of the tests. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { getKubeconfig } from '../../e2e/cluster-under-test.ts';
import { DiagnosisStage, runProgram } from './stage.ts';

const PROGRAM = path.join(import.meta.dirname, 'registry-program.js');
const IMAGE = 'docker.io/library/ws-workspace:0.2.0';

export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:PORT`; what it answers is chosen by the first part of the image's name (registry-program.js). */
  host: string;
}

export async function startRegistry(): Promise<Registry> {
  const stage = await DiagnosisStage.open('made-registry');
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const [manifest, config] = await readImage();
  const files = { 'registry.mjs': readFileSync(PROGRAM, 'utf8'), 'manifest.json': manifest, 'config.json': config };
  await stage.create(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'registry' }, data: files },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'registry' },
      spec: {
        hostNetwork: true,
        terminationGracePeriodSeconds: 0,
        volumes: [{ name: 'files', configMap: { name: 'registry' } }],
        containers: [
          {
            name: 'registry',
            image: IMAGE,
            imagePullPolicy: 'Never',
            command: ['node', '/files/registry.mjs', String(port), '/files'],
            readinessProbe: { tcpSocket: { host: '127.0.0.1', port }, periodSeconds: 1 },
            volumeMounts: [{ name: 'files', mountPath: '/files' }],
          },
        ],
      },
    },
  );
  await stage.kubectl(['wait', 'pod/registry', '--for=condition=Ready', '--timeout=60s']);
  return { host: `127.0.0.1:${port}`, [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() };
}

/** What a registry would say of the workspace's image. The node has its layers and asks for no more. */
async function readImage(): Promise<[manifest: string, config: string]> {
  const digest = /sha256:[0-9a-f]{64}/.exec(await ctr(['images', 'ls', `name==${IMAGE}`]))?.[0] ?? '';
  const manifest = await ctr(['content', 'get', digest]);
  const { config, manifests } = JSON.parse(manifest) as Manifest;
  if (config === undefined) return readManifest(manifests?.[0]?.digest ?? '');
  return [manifest, await ctr(['content', 'get', config.digest])];
}

interface Manifest {
  config?: { digest: string };
  manifests?: { digest: string }[];
}

async function readManifest(digest: string): Promise<[manifest: string, config: string]> {
  const manifest = await ctr(['content', 'get', digest]);
  return [manifest, await ctr(['content', 'get', (JSON.parse(manifest) as Manifest).config?.digest ?? ''])];
}

async function ctr(words: string[]): Promise<string> {
  const socket = path.join(path.dirname(getKubeconfig()), 'containerd.sock');
  const done = await runProgram('ctr', ['-a', socket, '-n', 'k8s.io', ...words]);
  if (done.status !== 0) throw new Error(`ctr ${words.join(' ')} failed: ${done.stderr}`);
  return done.stdout;
}
