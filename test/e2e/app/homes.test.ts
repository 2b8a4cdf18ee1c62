import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../cluster-under-test.ts';
import { makePerson, type Person } from './running/run-ws.ts';

let place: TestNamespace;
let person: Person;

beforeAll(() => {
  place = makeNamespace('app-homes');
  person = makePerson(place.name);
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

async function ws(...words: string[]): Promise<string> {
  const run = await person.ws(words);
  expect(run.status, `${words.join(' ')}\n${run.stderr}`).toBe(0);
  return run.stdout;
}

const up = (...words: string[]) => ws('up', ...words, '--yes', '--no-shell', '--key', person.key);

/** Leaves a kept home with something in it. Each test deletes what it has made: `homes` lists all that is kept. */
async function keep(name: string): Promise<void> {
  await up(name, '--storage-class', 'ws-local', '--size', '64Mi');
  await ws('ssh', name, '--', 'echo precious > ~/data');
  await ws('down', name, '--keep-home');
}

const there = (kind: string, name: string) =>
  kubectl(['-n', place.name, 'get', kind, name, '--ignore-not-found', '-o', 'name']).trim() !== '';
const names = (kind: string) =>
  kubectl(['-n', place.name, 'get', kind, '-o', 'jsonpath={.items[*].metadata.name}']).split(' ').filter(Boolean);

async function refused(words: string[]) {
  const run = await person.ws([...words, '--json']);
  expect(run.status, run.stdout).toBe(5);
  const { error } = JSON.parse(run.stdout);
  expect(error.code).toBe('HOME_IN_USE');
  return error.message as string;
}

async function homes() {
  const { items } = JSON.parse(await ws('homes', 'ls', '--json'));
  return items.map((home: { claim?: string; workspace: string; usedBy: string[] }) => [
    home.claim ?? '–',
    home.workspace,
    ...home.usedBy,
  ]);
}

describe('a kept home that another workspace has taken up', () => {
  it('is listed once with its user, is deleted by no name, and stays when the borrower goes', async () => {
    await keep('dev');
    const values = path.join(person.home, 'host-key.yaml');
    writeFileSync(values, 'hostKey:\n  existingSecret: ws-dev-host-key\n');
    await up('new', '--home', 'ws-dev-home', '--values', values);
    expect(await homes()).toEqual([['ws-dev-home', 'dev', 'workspace new']]);
    expect((await ws('ls')).split('\n').map((line) => line.split(' ')[0])).toEqual(['NAME', 'new', '']);

    for (const words of [
      ['homes', 'rm', 'dev', '--yes'],
      ['homes', 'rm', 'ws-dev-home', '--yes'],
      ['down', 'dev', '--delete-home', '--yes'],
    ]) {
      expect(await refused(words)).toBe('Claim ws-dev-home is in use by workspace new');
    }
    expect(await ws('ssh', 'new', '--', 'cat ~/data')).toBe('precious\n');

    const said = await ws('down', 'new', '--delete-home', '--yes');
    expect(said).toContain('Kept: ws-dev-home, ws-dev-host-key\n');
    expect(said).toContain('Take it up again: ws up new --home ws-dev-home --yes\n');
    expect([there('pvc', 'ws-dev-home'), there('secret', 'ws-dev-host-key')]).toEqual([true, true]);
    await ws('homes', 'rm', 'dev', '--yes');
  });

  it('is not deleted while something that is no workspace mounts it, even one without a pod, and then goes with its host key', async () => {
    await keep('app');
    const template = {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [{ name: 'web', image: 'none:0' }],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'ws-app-home' } }],
      },
    };
    const spec = { replicas: 0, selector: { matchLabels: { app: 'web' } }, template };
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec };
    kubectl(['-n', place.name, 'apply', '-f', '-'], JSON.stringify(web));
    expect(await homes()).toEqual([['ws-app-home', 'app', 'Deployment web']]);
    const held = 'Claim ws-app-home is in use by Deployment web';
    expect(await refused(['homes', 'rm', 'app', '--yes'])).toBe(held);
    await up('app');
    expect(await refused(['down', 'app', '--delete-home', '--yes'])).toBe(held);
    // Refused before anything was changed.
    expect(await ws('ssh', 'app', '--', 'cat ~/data')).toBe('precious\n');
    kubectl(['-n', place.name, 'delete', 'deployment', 'web']);

    await ws('down', 'app', '--keep-home');
    expect(await ws('homes', 'rm', 'app', '--yes')).toBe('Deleted: ws-app-home, ws-app-host-key\n');
    expect([there('pvc', 'ws-app-home'), there('secret', 'ws-app-host-key')]).toEqual([false, false]);
    expect(await ws('homes', 'ls')).toMatch(
      new RegExp(`^No homes on volumes in namespace ${place.name} of context .*\\n$`),
    );
  });
});

describe('C6B2-SUBDIR one claim for two workspaces', () => {
  it('is deleted with neither, up or taken down', async () => {
    await up('ann', '--storage-class', 'ws-local', '--size', '64Mi');
    await up('bob', '--home', 'ws-ann-home', '--sub-path', 'bob');
    await ws('ssh', 'bob', '--', 'echo his > ~/data');
    expect(await homes()).toEqual([['ws-ann-home', 'ann', 'workspace ann', 'workspace bob']]);
    expect(await refused(['down', 'ann', '--delete-home', '--yes'])).toBe(
      'Claim ws-ann-home is in use by workspace bob',
    );
    expect(await ws('down', 'bob', '--keep-home')).toContain('ws up bob --home ws-ann-home --sub-path bob --yes\n');
    const held = 'Claim ws-ann-home also holds the kept home of workspace bob, in its folder bob';
    expect(await refused(['down', 'ann', '--delete-home', '--yes'])).toBe(held);
    await ws('down', 'ann', '--keep-home');
    expect(await refused(['homes', 'rm', 'ann', '--yes'])).toBe(held);
    await up('bob', '--home', 'ws-ann-home', '--sub-path', 'bob');
    expect(await ws('ssh', 'bob', '--', 'cat ~/data')).toBe('his\n');
    await ws('down', 'bob', '--delete-home', '--yes');
    expect(there('pvc', 'ws-ann-home')).toBe(true);
    await ws('homes', 'rm', 'ann', '--yes');
    expect(names('pvc')).toEqual([]);
  });

  it('is taken up again with the user, IDs and folder that it had, stays as one of those folders, and goes by its name', async () => {
    const owner = ['--user', 'cat', '--uid', '54321', '--gid', '54322'];
    await up('cat', '--storage-class', 'ws-local', '--size', '64Mi', '--sub-path', 'cat', ...owner);
    await ws('ssh', 'cat', '--', 'echo mine > ~/data; chmod 600 ~/data');
    expect(await ws('down', 'cat', '--keep-home')).toContain('Take it up again: ws up cat --yes\n');
    await up('cat');
    expect(await ws('ssh', 'cat', '--', 'cat ~/data; id -un; id -u; id -g; echo more >> ~/data')).toBe(
      'mine\ncat\n54321\n54322\n',
    );

    const said = await ws('down', 'cat', '--delete-home', '--yes');
    expect(said).toContain('Kept: ws-cat-home, ws-cat-host-key\n');
    expect(await homes()).toEqual([['ws-cat-home', 'cat']]);
    await ws('homes', 'rm', 'cat', '--yes');
    expect(names('pvc')).toEqual([]);
  });
});

describe('R8N9-REUSE a host key that was kept alone', () => {
  it('is listed, told of by down, and removed by name, with its pin', async () => {
    await up('key', '--storage-class', 'none');
    await ws('down', 'key', '--home', 'lose', '--yes');
    expect(await homes()).toEqual([['–', 'key']]);
    expect(await ws('homes', 'ls')).toMatch(/\(host key only\) +key +.*\(kept\)/);
    const run = await person.ws(['down', 'key', '--delete-home', '--yes', '--json']);
    const { error } = JSON.parse(run.stdout);
    expect([error.code, error.reason]).toEqual(['WORKSPACE_MISSING', 'Only its host key was kept']);
    expect(error.suggestions[0]).toBe('ws homes rm key --json');
    expect(await ws('homes', 'rm', 'key', '--yes')).toBe('Deleted: ws-key-host-key\n');
    expect(names('secret')).toEqual([]);
    const known = execFileSync('cat', [path.join(person.home, 'config/known_hosts')], { encoding: 'utf8' });
    expect(known).not.toContain('ws-key.');
  });
});

describe('a home of an earlier time', () => {
  it('stays with its host key beside a home without a volume, however that goes, and is told of', async () => {
    await up('dev', '--storage-class', 'ws-local', '--size', '64Mi');
    await ws('ssh', 'dev', '--', 'echo precious > ~/data');
    await ws('down', 'dev', '--keep-home');
    await up('dev', '--storage-class', 'none');
    const asked = await person.ws(['down', 'dev', '--delete-home']);
    expect([asked.status, asked.stderr.replaceAll(/\s+/g, ' ')]).toEqual([
      2,
      expect.stringContaining('Claim ws-dev-home, a home of an earlier time, and host key ws-dev-host-key stay'),
    ]);
    const said = await ws('down', 'dev', '--delete-home', '--yes');
    expect(said).toContain('Kept: ws-dev-home, ws-dev-host-key\n');
    expect(said).toContain('ws homes rm ws-dev-home\n');
    expect([there('pvc', 'ws-dev-home'), there('secret', 'ws-dev-host-key')]).toEqual([true, true]);
    await up('dev');
    expect(await ws('ssh', 'dev', '--', 'cat ~/data')).toBe('precious\n');
  });

  it('goes right after helm uninstall, while its pod is ending', async () => {
    const ignoreEnd = 'nohup sh -c "trap : TERM; sleep 1000" >/dev/null 2>&1 &';
    await ws('ssh', 'dev', '--', ignoreEnd);
    execFileSync('helm', ['-n', place.name, 'uninstall', 'ws-dev'], { env: { ...process.env, ...person.environment } });
    const said = await ws('homes', 'rm', 'dev', '--yes');
    expect(said).toBe('Deleted: ws-dev-home, ws-dev-host-key\n');
    expect([there('pvc', 'ws-dev-home'), there('secret', 'ws-dev-host-key')]).toEqual([false, false]);
  });
});

describe('ws down of a release whose last change failed half-way', () => {
  it('takes away what that change was to take away, and keeps the home', async () => {
    const chart = path.resolve(import.meta.dirname, '../../../chart');
    const environment = { ...process.env, ...person.environment };
    const upgrade = (...sets: string[]) =>
      execFileSync(
        'helm',
        ['-n', place.name, 'upgrade', 'ws-half', chart, '--reuse-values', ...sets.flatMap((set) => ['--set', set])],
        { env: environment, stdio: 'pipe' },
      );
    await up('half', '--storage-class', 'ws-local', '--size', '64Mi');
    upgrade('idle.actor=true', 'idle.stopAfter=2h');
    // The chart lets it through, and the API server refuses it.
    const folder = ['extraVolumes[0].name=folder', 'extraVolumes[0].hostPath.path=/a/../b'];
    expect(() => upgrade('idle.actor=false', 'idle.stopAfter=', ...folder)).toThrow(/must not contain '\.\.'/);
    expect(there('deployment', 'ws-half-idle')).toBe(true);
    await ws('down', 'half', '--keep-home');
    const kinds = ['deployment', 'serviceaccount', 'role', 'rolebinding', 'service', 'configmap', 'secret', 'pvc'];
    const left = kinds.flatMap((kind) => names(kind).filter((name) => name.startsWith('ws-half')));
    expect(left).toEqual(['ws-half-host-key', 'ws-half-home']);
    await ws('homes', 'rm', 'half', '--yes');
  });
});
