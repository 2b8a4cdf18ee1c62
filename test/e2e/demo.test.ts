/** The README's first command, from two clones of the project while one workspace stands. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getKubeconfig, kubectl } from './cluster-under-test.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NAMESPACE = 'ws-demo';
const PARTS = [
  'bin',
  'chart',
  'scripts',
  'src',
  'image',
  'package.json',
  'package-lock.json',
  'CHANGELOG.md',
  'test/cluster',
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-demo-'));
  kubectl(['create', 'namespace', NAMESPACE]);
  kubectl(['label', 'namespace', NAMESPACE, 'pod-security.kubernetes.io/enforce=restricted']);
});

afterAll(() => {
  kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
  rmSync(folder, { recursive: true, force: true });
});

/** A clone, but for the packages and the cluster's programs, which are there already. */
function makeClone(name: string): string {
  const clone = path.join(folder, name);
  for (const part of PARTS) cpSync(path.join(ROOT, part), path.join(clone, part), { recursive: true });
  // By its age the set-up knows that the packages are those of the lock file: it would install them into this very
  // folder.
  utimesSync(path.join(clone, 'package-lock.json'), 0, 0);
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(clone, 'node_modules'));
  return clone;
}

function demo(clone: string, words: string[]) {
  const context = kubectl(['config', 'current-context']).trim();
  const { status, stdout, stderr } = spawnSync('bash', ['scripts/demo.sh', ...words], {
    cwd: clone,
    env: {
      ...process.env,
      HOME: folder,
      KUBECONFIG: getKubeconfig(),
      WS_DEMO_CONTEXT: context,
      XDG_STATE_HOME: path.join(folder, 'state'),
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? path.join(process.env.HOME ?? '', '.cache'),
      XDG_RUNTIME_DIR: path.join(folder, 'run'),
      WS_SHARE: 'no',
    },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

it('greets from a second clone, also when the first is gone, and takes all of it down', () => {
  const first = makeClone('first');
  expect(demo(first, ['echo "hello from $(whoami)"'])).toMatchObject({ status: 0, stdout: 'hello from developer\n' });
  rmSync(first, { recursive: true });
  const second = makeClone('second');
  expect(demo(second, ['echo again'])).toMatchObject({ status: 0, stdout: 'again\n' });
  expect(demo(second, ['--down'])).toMatchObject({ status: 0 });
  expect(kubectl(['get', 'deployment,secret', '-n', NAMESPACE, '-o', 'name']).trim()).toBe('');
});
