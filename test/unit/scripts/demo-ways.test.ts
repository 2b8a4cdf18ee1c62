/** What `npm run demo` says on a machine that cannot run a cluster of its own. It must choose nobody's cluster. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
const IMAGE = `ws-workspace:${version}`;
/** All that the script may need before it has installed anything. */
const TOOLS = ['bash', 'awk', 'cat', 'cut', 'dirname', 'grep', 'sed', 'sha256sum', 'tr'];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-ways-'));
  mkdirSync(path.join(folder, 'bin'));
  for (const tool of TOOLS) symlinkSync(findTool(tool), path.join(folder, 'bin', tool));
});

afterEach(() => rmSync(folder, { recursive: true }));

const findTool = (tool: string) =>
  spawnSync('sh', ['-c', 'command -v "$1"', 'sh', tool], { encoding: 'utf8' }).stdout.trim();

function fake(program: string, script: string): void {
  const file = path.join(folder, 'bin', program);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

interface Machine {
  system?: string;
  uid?: string;
  kubeconfigs?: string[];
  environment?: Record<string, string>;
  words?: string[];
}

function demo({ system = 'Darwin', uid = '501', kubeconfigs = [], environment = {}, words = [] }: Machine) {
  fake('uname', `echo ${system}`);
  fake('id', `case $1 in -u) echo ${uid} ;; *) echo me ;; esac`);
  const files = kubeconfigs.map((text, index) => {
    const file = path.join(folder, `config-${index}`);
    writeFileSync(file, text);
    return file;
  });
  const { status, stdout, stderr } = spawnSync('bash', [path.join(ROOT, 'scripts/demo.sh'), ...words], {
    env: { PATH: path.join(folder, 'bin'), HOME: folder, GOROOT: folder, KUBECONFIG: files.join(':'), ...environment },
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, stdout, lines: stderr.trim().split('\n'), text: stderr };
}

/** As kubectl writes it. */
const toKubeconfig = (current: string, ...names: string[]) =>
  [
    'apiVersion: v1',
    'clusters:',
    '- cluster:',
    '    server: https://127.0.0.1:6443',
    '  name: a-cluster',
    'contexts:',
    ...names.flatMap((name) => [
      '- context:',
      '    cluster: a-cluster',
      '    extensions:',
      '    - extension:',
      '        provider: minikube.sigs.k8s.io',
      '      name: context_info',
      '    user: a-user',
      `  name: ${name}`,
    ]),
    `current-context: ${current}`,
    'kind: Config',
    'users:',
    '- name: a-user',
    '  user: {}',
    '',
  ].join('\n');

const LOCAL = ['kind-dev', 'k3d-two', 'minikube', 'docker-desktop'];

describe('npm run demo, where it cannot start a cluster', () => {
  it('names what the machine lacks, and ends', () => {
    const { status, stdout, lines } = demo({});
    expect([status, stdout]).toEqual([1, '']);
    expect(lines.slice(0, 2)).toEqual([
      '✗ The demonstration cannot start a cluster of its own on this machine:',
      '    it is not Linux, but Darwin',
    ]);
    expect(demo({ system: 'Linux', uid: '501' }).lines.slice(1, 4)).toEqual([
      '    you are not root, but UID 501',
      '    there is no Go 1.21 or newer on the PATH',
      '    there is no apt-get, which installs what is missing',
    ]);
  });

  it.each([
    ['is no root', { system: 'Linux', uid: '1000' }, ['go', 'apt-get'], ['    you are not root, but UID 1000']],
    ['has no Go', { system: 'Linux', uid: '0' }, ['apt-get'], ['    there is no Go 1.21 or newer on the PATH']],
    [
      'has an old Go',
      { system: 'Linux', uid: '0' },
      ['old-go', 'apt-get'],
      ['    there is no Go 1.21 or newer on the PATH'],
    ],
  ])('says it alone of a machine that %s', (_what, machine, programs, lacks) => {
    if (programs.includes('go')) fake('go', 'echo go1.26.3');
    if (programs.includes('old-go')) fake('go', 'echo go1.19.8');
    fake('apt-get', 'exit 1');
    const { status, lines } = demo(machine);
    expect(status).toBe(1);
    expect(lines.slice(1, 1 + lacks.length)).toEqual(lacks);
    expect(lines[1 + lacks.length]).not.toMatch(/^ {4}(?:you|it|there) /);
  });

  it('offers sudo to those who have it, with the PATH that has their Go', () => {
    fake('go', 'echo go1.26.3');
    fake('apt-get', 'exit 1');
    fake('sudo', 'exit 1');
    expect(demo({ system: 'Linux', uid: '1000' }).lines).toContain('    sudo env "PATH=$PATH" npm run demo');
    expect(demo({ system: 'Darwin', uid: '501' }).text).not.toContain('sudo');
  });

  it('says to Git Bash on Windows where it can', () => {
    expect(demo({ system: 'MINGW64_NT-10.0-26100' }).text).toContain('In WSL 2, which is Linux, it can');
  });

  it('has lines to copy for each context there is, the current one first, on one screen', () => {
    const { status, lines } = demo({ kubeconfigs: [toKubeconfig('minikube', ...LOCAL)] });
    expect(status).toBe(1);
    expect(lines.slice(3)).toEqual([
      '',
      'First, once (5 minutes; podman and buildah build it, too):',
      `    docker build -f image/Dockerfile -t ${IMAGE} .`,
      'minikube (minikube, the current context):',
      `    minikube image load ${IMAGE}`,
      '    WS_DEMO_CONTEXT=minikube npm run demo',
      'kind-dev (kind):',
      `    kind load docker-image ${IMAGE} --name dev`,
      '    WS_DEMO_CONTEXT=kind-dev npm run demo',
      'k3d-two (k3d):',
      `    k3d image import ${IMAGE} --cluster two`,
      '    WS_DEMO_CONTEXT=k3d-two npm run demo',
      'docker-desktop (Docker Desktop):',
      '    WS_DEMO_CONTEXT=docker-desktop npm run demo',
    ]);
    expect(lines.length).toBeLessThan(24);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });

  it('stays on one screen with many contexts of the worst kind, and says how many more there are', () => {
    const names = Array.from({ length: 30 }, (_, index) => `team-${index}`);
    const { lines } = demo({ kubeconfigs: [toKubeconfig('team-7', ...names)] });
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines).toContain('team-7 (any cluster, the current context):');
    expect(lines).toContain(`    WS_IMAGE=registry.example.com/${IMAGE} WS_DEMO_CONTEXT=team-7 npm run demo`);
    expect(lines.at(-1)).toBe('26 more: kubectl config get-contexts');
  });

  it('reads a list of kubeconfigs, and names that a shell would take apart', () => {
    const { text } = demo({
      kubeconfigs: [
        toKubeconfig('"a b"', '"a b"', 'kind-one'),
        toKubeconfig('x', "'arn:aws:eks:eu:1:cluster/x'", 'kind-one'),
      ],
    });
    expect(text).toContain('a b (any cluster, the current context):');
    expect(text).toContain('WS_DEMO_CONTEXT=a\\ b npm run demo');
    expect(text).toContain('WS_DEMO_CONTEXT=arn:aws:eks:eu:1:cluster/x npm run demo');
    expect(text.match(/^kind-one/gm)).toHaveLength(1);
  });

  it('says how to make a cluster where there is none', () => {
    const { status, text, lines } = demo({});
    expect(status).toBe(1);
    for (const line of ['kind create cluster', 'k3d cluster create ws', 'minikube start', 'Docker Desktop'])
      expect(text).toContain(`    ${line}`);
    expect(lines.length).toBeLessThan(24);
  });

  it('asks kubectl where it is, which reads every form', () => {
    fake('kubectl', 'case $* in *get-contexts*) echo kind-asked ;; *current*) echo kind-asked ;; esac');
    expect(demo({ kubeconfigs: ['{}'] }).lines).toContain('kind-asked (kind, the current context):');
  });

  it('refuses a context that there is not, and names those that there are', () => {
    const { status, text } = demo({
      kubeconfigs: [toKubeconfig('kind-dev', 'kind-dev')],
      environment: { WS_DEMO_CONTEXT: 'kind-prod' },
    });
    expect(status).toBe(1);
    expect(text).toContain('✗ Your kubeconfig has no context "kind-prod"\n  It has: kind-dev');
  });
});
