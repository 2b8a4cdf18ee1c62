import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../cluster-under-test.ts';
import { makePerson, type Person, type Run } from './running/run-ws.ts';

let place: TestNamespace;
let person: Person;

beforeAll(() => {
  place = makeNamespace('app-up');
  person = makePerson(place.name);
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

const all = ['--yes', '--no-shell', '--storage-class', 'none'];

describe('ws up, ws ssh and ws down without a terminal', () => {
  let made: Run;

  beforeAll(async () => {
    made = await person.ws(['up', 'one', ...all, '--key', person.key]);
  });
  afterAll(async () => {
    expect((await person.ws(['down', 'one', '--delete-home', '--yes'])).status).toBe(0);
  });

  it('makes a workspace with flags alone, and says on stdout only what it made', () => {
    expect(made.stderr).toContain('Workspace ready');
    expect(made).toMatchObject({ status: 0, stdout: 'Workspace one is up. Log in: ws ssh one\n' });
  });

  it("pins the host key before the first login, under the cluster's own identity", () => {
    const pins = readFileSync(path.join(person.home, 'config/known_hosts'), 'utf8');
    expect(pins).toMatch(new RegExp(`^ws-one\\.${place.name}\\.[0-9a-f-]{36} ssh-ed25519 AAAA`, 'm'));
  });

  it('finds the workspace again and changes nothing', async () => {
    const before = kubectl(['-n', place.name, 'get', 'deploy', 'ws-one', '-o', 'jsonpath={.metadata.generation}']);
    const run = await person.ws(['up', 'one', '--no-shell']);
    expect(run.status).toBe(0);
    expect(run.stderr).not.toContain('Installed');
    expect(kubectl(['-n', place.name, 'get', 'deploy', 'ws-one', '-o', 'jsonpath={.metadata.generation}'])).toBe(
      before,
    );
  });

  it('P3R8-SHELL runs a command with its status, and keeps output and error output apart', async () => {
    const run = await person.ws(['ssh', 'one', '--', 'echo out; echo err >&2; exit 7']);
    expect(run).toEqual({ status: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  it('P3R8-SHELL carries any byte in and out', async () => {
    const bytes = randomBytes(3_000_000);
    const run = await person.ws(['ssh', 'one', '--', 'cat'], { input: bytes });
    expect(run.status).toBe(0);
    expect(Buffer.from(run.stdout, 'latin1').equals(bytes)).toBe(true);
  });

  it('clones and installs dotfiles once, says so, and shows what git said when it cannot', async () => {
    const commit = 'git add -A && git -c user.name=me -c user.email=me@example.com commit -qm one';
    const seed = [
      `git init -q ~/seed.git && cd ~/seed.git && echo hello > readme && ${commit}`,
      `git init -q ~/dots.git && cd ~/dots.git && echo set > .vimrc && ${commit}`,
    ];
    expect(await person.ws(['ssh', 'one', '--', seed.join(' && ')])).toMatchObject({ status: 0 });
    const urls = ['--clone', 'file:///home/developer/seed.git', '--dotfiles', 'file:///home/developer/dots.git'];
    const words = ['up', 'one', '--no-shell', ...urls];
    const run = await person.ws(words);
    expect(run.status, run.stderr).toBe(0);
    expect(run.stderr).toContain('Preparing the home: clone from file:///home/developer/seed.git\n');
    expect(run.stderr).toContain('Preparing the home: dotfiles from file:///home/developer/dots.git\n');
    expect((await person.ws(words)).status).toBe(0);
    expect(await person.ws(['ssh', 'one', '--', 'cat seed/readme .vimrc'])).toMatchObject({ stdout: 'hello\nset\n' });
    const missing = await person.ws(['up', 'one', '--no-shell', '--clone', 'file:///nowhere']);
    expect(missing.status).toBe(5);
    expect(missing.stderr).toMatch(/could not clone file:\/\/\/nowhere[\s\S]*Exit status 128[\s\S]*fatal: /);
    const cleaned = await person.ws(['ssh', 'one', '--', 'rm -rf seed seed.git dots.git .dotfiles .vimrc']);
    expect(cleaned.status).toBe(0);
  });

  it('needs no name where there is one workspace, and none for --json', async () => {
    const run = await person.ws(['ls', '--json']);
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toMatchObject({
      v: 1,
      items: [{ name: 'one', state: 'ready', user: 'developer' }],
    });
    expect(await person.ws(['ssh', '--', 'id -un'])).toMatchObject({ status: 0, stdout: 'developer\n' });
  });

  it('refuses to guess what becomes of the home', async () => {
    const run = await person.ws(['down', 'one']);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('ws down one --home lose');
    expect(kubectl(['-n', place.name, 'get', 'deploy', '-o', 'name'])).toContain('ws-one');
  });

  it('V5Q3-HOME N3M9-PERSIST keeps a home on a volume through down and up, with the same host key', async () => {
    const made = await person.ws([
      'up',
      'two',
      '--yes',
      '--no-shell',
      '--storage-class',
      'ws-retain',
      '--size',
      '1Gi',
      '--user',
      'alice',
      '--uid',
      '54321',
      '--key',
      person.key,
    ]);
    expect(made.status, made.stderr).toBe(0);
    await person.ws(['ssh', 'two', '--', 'echo still here > note']);
    const down = await person.ws(['down', 'two', '--keep-home']);
    expect(down.stdout).toContain('Kept: ws-two-home, ws-two-host-key');
    expect((await person.ws(['ls'])).stdout).toMatch(/^two +home kept/m);
    // Nothing is asked again: the home knows its user and its class.
    const again = await person.ws(['up', 'two', '--yes', '--no-shell', '--uid', '54321', '--key', person.key]);
    expect(again.status, again.stderr).toBe(0);
    expect(await person.ws(['ssh', 'two', '--', 'cat note; id'])).toMatchObject({
      status: 0,
      stdout: 'still here\nuid=54321(alice) gid=54321(alice) groups=54321(alice)\n',
    });
    expect((await person.ws(['down', 'two', '--delete-home', '--yes'])).status).toBe(0);
  });

  it('C5Q4-TEMP leaves nothing of a workspace whose home is deleted', async () => {
    const home = ['--yes', '--no-shell', '--storage-class', 'ws-retain', '--size', '1Gi'];
    expect(await person.ws(['up', 'gone', ...home, '--key', person.key])).toMatchObject({ status: 0 });
    expect(list('gone')).toMatch(/persistentvolumeclaim\/ws-gone-home[\s\S]*secret\/ws-gone-host-key/);
    expect((await person.ws(['down', 'gone', '--delete-home', '--yes'])).status).toBe(0);
    expect(list('gone')).toBe('');
    expect(readFileSync(path.join(person.home, 'config/known_hosts'), 'utf8')).not.toContain('ws-gone.');
  });
});

/** All that is there of a workspace. */
function list(workspace: string): string {
  const kinds = 'deploy,svc,pvc,secret,pod,cm';
  return kubectl(['-n', place.name, 'get', kinds, '-l', `ws.dev/workspace=${workspace}`, '-o', 'name']);
}

describe('what cannot work is told before anything is changed', () => {
  const cases: [string, string[], number, RegExp][] = [
    ['UID 0', ['up', 'bad', ...all, '--uid', '0'], 2, /0 is root/],
    ['a username that is none', ['up', 'bad', ...all, '--user', 'Root User'], 2, /cannot be the workspace's username/],
    ['a workspace name that is none', ['up', 'No_Good', ...all], 2, /cannot be a workspace's name/],
    [
      'an unknown storage class',
      ['up', 'bad', '--yes', '--no-shell', '--storage-class', 'nope'],
      4,
      /There is no storage class nope[\s\S]*ws-local/,
    ],
    [
      'a missing answer',
      ['up', 'bad', '--no-shell'],
      2,
      /No username, user ID, storage class or key was given[\s\S]*ws up bad --no-shell --user developer --uid 1000 --storage-class default --identity \S+id_ed25519\n/,
    ],
    ['an unknown flag', ['up', 'bad', '--nonsense'], 2, /nonsense[\s\S]*ws up --help/],
    ['a missing word', ['keys', 'add'], 2, /ws keys add needs KEY[\s\S]*ws keys add --help/],
    [
      'a value for another workspace',
      ['up', 'bad', ...all, '--uid', 'x'],
      2,
      /ws up bad --yes --no-shell --storage-class none --uid 1000/,
    ],
    ['an unknown context', ['up', 'bad', ...all, '--context', 'nowhere'], 3, /no context "nowhere"/],
    [
      'a missing kubeconfig',
      ['up', 'bad', ...all, '--kubeconfig', '/nonexistent'],
      3,
      /There is no kubeconfig[\s\S]*\/nonexistent/,
    ],
    ['a workspace that is not there', ['ssh', 'bad', '--', 'true'], 255, /There is no workspace bad/],
  ];

  it.each(cases)('%s', async (_what, words, status, words2) => {
    const run = await person.ws(words);
    expect(run.stderr).toMatch(words2);
    expect(run.status).toBe(status);
    expect(run.stdout).toBe('');
    expect(kubectl(['-n', place.name, 'get', 'deploy,secret,pvc', '-o', 'name'])).toBe('');
  });

  it('no helm', async () => {
    const run = await person.ws(['up', 'bad', ...all, '--key', person.key], {
      environment: { WS_HELM: '/nonexistent/helm' },
    });
    expect(run.status).toBe(3);
    expect(run.stderr).toContain('HELM_MISSING');
  });

  it('no cluster', async () => {
    const run = await person.ws(['up', 'bad', ...all], { environment: { KUBECONFIG: writeDeadKubeconfig(person) } });
    expect(run.status).toBe(6);
    expect(run.stderr).toContain('CLUSTER_UNREACHABLE');
  });

  it('no permission', async () => {
    const run = await person.ws(['up', 'bad', ...all, '--key', person.key], {
      environment: { KUBECONFIG: writeWeakKubeconfig(person, place.name) },
    });
    expect(run.status).toBe(4);
    expect(run.stderr).toContain('NOT_PERMITTED');
  });

  it('a public key that cannot be read', async () => {
    const bad = path.join(person.home, 'bad.pub');
    writeFileSync(bad, 'ssh-ed25519 not-a-key me\n');
    const run = await person.ws(['up', 'bad', ...all, '--key', bad]);
    expect(run.stderr).toContain('KEY_UNREADABLE');
    expect(run.status).toBe(3);
  });

  it('a taken local port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const terminal = person.onTerminal([
      'up',
      'bad',
      '--yes',
      '--storage-class',
      'none',
      '--key',
      person.key,
      '--local-port',
      String(port),
    ]);
    expect(await terminal.exit()).toBe(3);
    expect(terminal.text).toContain('LOCAL_PORT_TAKEN');
    expect(kubectl(['-n', place.name, 'get', 'deploy', '-o', 'name'])).toBe('');
    server.close();
  });
});

function writeDeadKubeconfig(somebody: Person): string {
  const file = path.join(somebody.home, 'dead.kubeconfig');
  kubectlTo(file, ['config', 'set-cluster', 'dead', '--server=https://127.0.0.1:9']);
  kubectlTo(file, ['config', 'set-context', 'dead', '--cluster=dead', '--user=nobody']);
  kubectlTo(file, ['config', 'use-context', 'dead']);
  return file;
}

/** A service account that may look at nothing. */
function writeWeakKubeconfig(somebody: Person, namespace: string): string {
  kubectl(['-n', namespace, 'create', 'serviceaccount', 'weak']);
  const token = kubectl(['-n', namespace, 'create', 'token', 'weak']).trim();
  const file = path.join(somebody.home, 'weak.kubeconfig');
  const server = kubectl(['config', 'view', '--raw', '-o', 'jsonpath={.clusters[0].cluster.server}']);
  const ca = kubectl(['config', 'view', '--raw', '-o', 'jsonpath={.clusters[0].cluster.certificate-authority-data}']);
  kubectlTo(file, ['config', 'set-cluster', 'weak', `--server=${server}`]);
  kubectlTo(file, ['config', 'set', 'clusters.weak.certificate-authority-data', ca]);
  kubectlTo(file, ['config', 'set-credentials', 'weak', `--token=${token}`]);
  kubectlTo(file, ['config', 'set-context', 'weak', '--cluster=weak', '--user=weak']);
  kubectlTo(file, ['config', 'use-context', 'weak']);
  return file;
}

function kubectlTo(file: string, words: string[]): void {
  kubectl([...words, '--kubeconfig', file]);
}
