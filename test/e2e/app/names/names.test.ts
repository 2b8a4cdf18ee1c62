/**
 * A workspace is called by its position, by -w, as after ssh and by nothing, in a folder that `ws use` bound or
 * elsewhere with flags: every command means the same one. Two contexts have two workspaces each, one name in both.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getKubeconfig, kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { eventually } from '../../operator/release.ts';
import { finish, makePerson, type Person, type Run } from '../running/run-ws.ts';

/** Each name is in one of the namespaces alone, so whoever finds it has looked in the right one. */
const OWN = ['web', 'api'] as const;
const CONTEXTS = ['first', 'second'] as const;

let places: TestNamespace[];
let person: Person;
let environment: Record<string, string | undefined>;
/** Bound to its own workspace, to `dev` of its context, and to nothing. */
let folders: { own: string[]; dev: string[]; none: string };

beforeAll(async () => {
  places = CONTEXTS.map((context) => makeNamespace(`app-names-${context}`));
  person = makePerson(places[0]?.name ?? '');
  environment = { WS_NAMESPACE: undefined, KUBECONFIG: writeKubeconfig() };
  const make = (index: number, name: string) =>
    ws(['up', name, ...at(index), '--yes', '--no-shell', '--storage-class', 'none', '--key', person.key], person.home);
  for (const index of [0, 1])
    for (const run of await Promise.all([make(index, OWN[index] ?? ''), make(index, 'dev')]))
      expect(run.status, run.stderr).toBe(0);
  const folder = (name: string) => {
    const made = path.join(person.home, name);
    mkdirSync(path.join(made, 'below'), { recursive: true });
    return made;
  };
  folders = {
    own: OWN.map((name) => folder(`of-${name}`)),
    dev: CONTEXTS.map((name) => folder(`of-dev-${name}`)),
    none: folder('of-nobody'),
  };
  // All at once: none of them may be lost.
  const bound = await Promise.all(
    [0, 1].flatMap((index) => [
      ws(['use', OWN[index] ?? '', ...at(index)], folders.own[index] ?? ''),
      ws(['use', 'dev', ...at(index)], folders.dev[index] ?? ''),
    ]),
  );
  for (const run of bound) expect(run.status, run.stderr).toBe(0);
});

afterAll(() => {
  person[Symbol.dispose]();
  for (const place of places) place[Symbol.dispose]();
});

/** The cluster by two names, and by none that the test's own kubeconfig has: each context has its own namespace. */
function writeKubeconfig(): string {
  const words = ['--kubeconfig', getKubeconfig(), 'config', 'view', '--raw', '--minify', '--output', 'json'];
  const config = JSON.parse(execFileSync('kubectl', words, { encoding: 'utf8' })) as {
    contexts: { name: string; context: object }[];
  };
  const context = config.contexts[0]?.context ?? {};
  const contexts = CONTEXTS.map((name, index) => ({ name, context: { ...context, namespace: places[index]?.name } }));
  const file = path.join(person.home, 'kubeconfig');
  const nobody = { name: 'neither', context: { ...context, namespace: 'default' } };
  writeFileSync(file, JSON.stringify({ ...config, contexts: [...contexts, nobody], 'current-context': 'neither' }));
  return file;
}

function at(index: number): string[] {
  return ['--context', CONTEXTS[index] ?? ''];
}

function ws(words: string[], folder: string): Promise<Run> {
  return person.ws(words, { environment, folder });
}

/** The ways to say a name, as words that stand behind the command. */
const FORMS: [form: string, words: (name: string) => string[]][] = [
  ['by its position', (name) => [name]],
  ['by -w', (name) => ['-w', name]],
  ['as after ssh', (name) => [`developer@${name}`]],
  ['by the host of config-ssh', (name) => [`ws-${name}`]],
  ['by both at once, behind -w', (name) => ['--workspace', `developer@ws-${name}`]],
];

/** What each command says of the workspace that it means. `called` stands where its name may stand. */
const COMMANDS: Record<string, (called: string[], folder: string) => Promise<string>> = {
  async status(called, folder) {
    const { name, namespace } = await readJson(['status', ...called, '--json'], folder);
    expect(places.map((place) => place.name)).toContain(namespace);
    return String(name);
  },
  async ssh(called, folder) {
    const { stdout, stderr } = await ws(['ssh', ...called, '--', 'hostname'], folder);
    return nameOfPod(stdout, stderr);
  },
  async keep(called, folder) {
    const { workspace, stderr } = await readJson(['keep', ...called, '1m', '--json'], folder);
    return String(workspace ?? stderr);
  },
  async proxy(called, folder) {
    const proxy = [process.execPath, path.resolve('bin/run.js'), 'proxy', ...called].join(' ');
    const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'BatchMode=yes'];
    const words = [...options, `ProxyCommand=${proxy}`].flatMap((option) => ['-o', option]);
    const env = { ...person.environment, ...environment } as NodeJS.ProcessEnv;
    delete env['WS_NAMESPACE'];
    const all = ['-F', 'none', '-i', person.key, ...words, 'developer@any', 'hostname'];
    return nameOfPod(execFileSync('ssh', all, { cwd: folder, env, encoding: 'utf8' }), '');
  },
  async 'keys ls'(called, folder) {
    const { items } = await readJson(['keys', 'ls', ...called, '--json'], folder);
    return String(
      (items as { comment: string }[]).map(({ comment }) => comment).find((one) => one.startsWith('of ')),
    ).replace('of ', '');
  },
  async logs(called, folder) {
    const { items } = await readJson(['logs', ...called, '--json'], folder);
    const first = (items as string[])[0] ?? 'none';
    return (
      [...OWN, 'dev'].find((name) => places.some((place) => readFirstLine(place.name, name) === first)) ??
      `no workspace says ${first}`
    );
  },
  async forward(called, folder) {
    const child = person.start(['forward', ...called, '0:3000', '--json'], { environment, folder });
    const done = finish(child);
    let stdout = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    await eventually(
      () => (child.exitCode === null ? stdout : '}\n'),
      (text) => text.endsWith('}\n'),
    );
    child.kill('SIGINT');
    const { stderr } = await done;
    return stdout === '' ? stderr : String((JSON.parse(stdout) as { workspace: string }).workspace);
  },
  async 'up --dry-run'(called, folder) {
    const { change, workspace } = await readJson(['up', ...called, '--dry-run', '--yes', '--json'], folder);
    return change === 'nothing' ? String(workspace) : `would ${change} ${workspace}`;
  },
  async down(called, folder) {
    // Without an answer it says what it is about, and changes nothing.
    const { error } = await readJson(['down', ...called, '--json'], folder);
    const { code, message } = error as { code: string; message: string };
    return code === 'HOME_CHOICE_MISSING' ? (/workspace (\S+)/i.exec(message)?.[1] ?? message) : message;
  },
};

async function readJson(words: string[], folder: string): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await ws(words, folder);
  return JSON.parse(stdout === '' ? JSON.stringify({ stderr }) : stdout) as Record<string, unknown>;
}

function nameOfPod(text: string, otherwise: string): string {
  return /^ws-(\w+)-\w+-\w+\n$/.exec(text)?.[1] ?? otherwise;
}

function readFirstLine(namespace: string, name: string): string | undefined {
  const found = kubectl(['-n', namespace, 'get', 'deployment', `ws-${name}`, '--ignore-not-found', '-o', 'name']);
  if (found === '') return undefined;
  return kubectl(['-n', namespace, 'logs', found.trim()]).split('\n')[0];
}

describe.each(Object.entries(COMMANDS))('ws %s', (command, read) => {
  beforeAll(async () => {
    if (command !== 'keys ls') return;
    // A key of its own tells each workspace from the others.
    for (const index of [0, 1])
      for (const name of [OWN[index] ?? '', 'dev']) {
        const file = path.join(person.home, `key-of-${CONTEXTS[index]}-${name}`);
        execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `of ${name}`, '-f', file]);
        const added = await ws(['keys', 'add', name, `${file}.pub`, ...at(index)], folders.none);
        expect(added.status, added.stderr).toBe(0);
      }
  });

  it.each([0, 1])('means the workspace of its folder by nothing, and of folders below it (%i)', async (index) => {
    const folder = folders.own[index] ?? '';
    expect(await read([], folder)).toBe(OWN[index]);
    expect(await read([], path.join(folder, 'below'))).toBe(OWN[index]);
  });

  it.each(FORMS)('means the one that is named %s, in the place of its folder or of flags', async (_form, toWords) => {
    // The folder of the other one in that context gives the place alone.
    expect(await read(toWords('web'), folders.dev[0] ?? '')).toBe('web');
    // Another context than the folder's leaves it out.
    expect(await read([...toWords('api'), ...at(1)], folders.own[0] ?? '')).toBe('api');
    expect(await read([...toWords('api'), ...at(1)], folders.none)).toBe('api');
  });
});

it('each dev is the one of its context', async () => {
  for (const index of [0, 1])
    for (const words of [[], ['dev'], ['-w', 'ws-dev']]) {
      const found = await readJson(['status', ...words, '--json'], folders.dev[index] ?? '');
      expect(found).toMatchObject({ name: 'dev', namespace: places[index]?.name, context: CONTEXTS[index] });
    }
});

it('ws ls marks the one of the folder, and ws use shows it', async () => {
  for (const index of [0, 1]) {
    const { items } = await readJson(['ls', '--json'], folders.own[index] ?? '');
    const marks = (items as { name: string; current: boolean }[]).map(({ name, current }) => [name, current]);
    expect(Object.fromEntries(marks)).toEqual({ [OWN[index] ?? '']: true, dev: false });
    expect(await readJson(['use', '--json'], folders.own[index] ?? '')).toMatchObject({
      workspace: OWN[index],
      namespace: places[index]?.name,
      context: CONTEXTS[index],
      because: { workspace: 'directory', namespace: 'directory', context: 'directory' },
    });
  }
});

it('every binding of several ws use at once was kept', () => {
  const { directories } = JSON.parse(readFileSync(path.join(person.home, 'config/config.json'), 'utf8')) as {
    directories: Record<string, { workspace: string }>;
  };
  const bound = Object.entries(directories).map(([folder, { workspace }]) => [folder, workspace]);
  expect(Object.fromEntries(bound)).toEqual({
    ...Object.fromEntries(OWN.map((name, index) => [folders.own[index], name])),
    ...Object.fromEntries(CONTEXTS.map((_name, index) => [folders.dev[index], 'dev'])),
  });
});

describe('where nothing is bound and two are there', () => {
  it.each(Object.keys(COMMANDS))('ws %s asks which, and proposes each', async (command) => {
    const words = command === 'ssh' ? ['ssh', ...at(0), '--', 'true'] : [...command.split(' '), ...at(0)];
    const more: Record<string, string> = { forward: '3000', keep: '1m', 'up --dry-run': '--yes' };
    const { status, stderr } = await ws([...words, more[command] ?? []].flat(), folders.none);
    expect(status, stderr).toBe(['ssh', 'proxy'].includes(command) ? (command === 'ssh' ? 2 : 255) : 2);
    expect(stderr).toContain('Which workspace?');
    if (command !== 'proxy')
      for (const name of ['dev', 'web']) expect(stderr).toMatch(new RegExp(`ws \\S+(?: ls)? ${name} `));
  });
});

it('a namespace that is not there is no empty one, to every command that reads', async () => {
  for (const words of [['ls'], ['homes', 'ls'], ['status'], ['keys', 'ls', 'dev'], ['logs'], ['config-ssh', '--yes']]) {
    const run = await ws([...words, '--namespace', `${places[0]?.name}x`, ...at(0), '--json'], folders.none);
    expect([words, run.status, JSON.parse(run.stdout).error?.code]).toEqual([words, 4, 'NAMESPACE_MISSING']);
    expect(JSON.parse(run.stdout).error.suggestions[0]).toContain(`--namespace ${places[0]?.name}`);
  }
});

it('ws use of a mistyped name is kept, and says what there is', async () => {
  const folder = path.join(person.home, 'mistyped');
  mkdirSync(folder);
  const { status, stdout } = await ws(['use', 'wbe', ...at(0)], folder);
  const lines = ['ws use web --context first', 'ws up wbe --context first --yes', '  makes it'].map(
    (line) => `  ${line}\n`,
  );
  expect([status, stdout]).toEqual([
    0,
    expect.stringContaining(`There is none of this name yet. There is: dev, web\n${lines.join('')}`),
  ]);
  const flagged = await ws(['use', '-w', 'wbe', ...at(0)], folder);
  expect(flagged.stdout).toContain('  ws use web --context first\n');
});
