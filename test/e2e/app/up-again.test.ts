/** What `ws up` would make, what it makes for somebody with few rights, and that it writes nothing for nothing. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../cluster-under-test.ts';
import { makePerson, type Person } from './running/run-ws.ts';

const ROLE = path.resolve(import.meta.dirname, '../../../docs/role.yaml');

let place: TestNamespace;
let person: Person;

beforeAll(() => {
  place = makeNamespace('app-up-again');
  person = makePerson(place.name);
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

const find = (...words: string[]) => kubectl(['-n', place.name, 'get', ...words, '--ignore-not-found']).trim();

async function ws(...words: string[]) {
  const run = await person.ws(words);
  expect(run.status, `${words.join(' ')}\n${run.stderr}`).toBe(0);
  return run;
}

it('ws up --dry-run names what a new workspace would be, and makes nothing', async () => {
  const { stdout } = await ws('up', 'new', '--dry-run', '--size', '64Mi', '--user', 'alice');
  expect(stdout).toMatch(/^Would make workspace new, release ws-new, /);
  for (const line of [
    /^User +alice, user ID 1000$/m,
    /^Home +a new volume, claim ws-new-home$/m,
    /^Home size +64Mi$/m,
    /^Storage class +the cluster's default$/m,
    /^Image +ws-workspace:/m,
    /^Memory limit +4Gi$/m,
  ])
    expect(stdout).toMatch(line);
  expect(find('deploy,pvc,secret', '-o', 'name')).toBe('');
});

describe('the same ws up, typed again', () => {
  const revision = () =>
    find('secrets', '-l', 'owner=helm,name=ws-dev', '-o', 'jsonpath={.items[*].metadata.labels.version}')
      .split(' ')
      .map(Number)
      .toSorted((a, b) => a - b)
      .at(-1);
  const limit = () =>
    find('deploy', 'ws-dev', '-o', 'jsonpath={.spec.template.spec.containers[0].resources.limits.memory}');

  it('writes no revision, whatever it chooses; and puts back what somebody else has changed', async () => {
    const values = path.join(person.home, 'values.yaml');
    // What YAML 1.1 calls true is no text, as Helm reads it.
    writeFileSync(values, 'podLabels: &labels\n  team: blue\npodAnnotations: *labels\nservice: {}\n');
    const lines = [
      ['--memory', '600Mi', '--size', '64Mi', '--storage-class', 'ws-local', '--user', 'alice', '--yes'],
      ['--memory', '600Mi'],
      ['--cpu', '1', '--values', values],
      ['--toleration', 'a=b:NoSchedule', '--node-selector', 'kubernetes.io/os=linux', '--image', 'ws-workspace:0.2.0'],
      ['--node-selector', ''],
    ];
    for (const words of lines) {
      await ws('up', 'dev', '--no-shell', ...words);
      const written = revision();
      expect((await ws('up', 'dev', '--dry-run', ...words)).stdout).toBe(
        'Nothing would change: workspace dev is there.\n',
      );
      const again = await ws('up', 'dev', '--no-shell', ...words);
      expect(again.stderr).toContain(`Installed: ws-dev, revision ${written}, nothing to change\n`);
      expect(revision()).toBe(written);
    }
    kubectl(['-n', place.name, 'set', 'resources', 'deploy/ws-dev', '--limits=memory=700Mi']);
    await ws('up', 'dev', '--no-shell', '--memory', '600Mi', '--yes');
    expect(limit()).toBe('600Mi');
    const before = revision() ?? 0;
    await ws('up', 'dev', '--no-shell', '--repair');
    expect(revision()).toBe(before + 1);
    await ws('down', 'dev', '--delete-home', '--yes');
  });
});

describe('somebody with the Role of the documents, who may not list storage classes', () => {
  let asAlice: string;

  beforeAll(() => {
    kubectl(['-n', place.name, 'apply', '-f', ROLE]);
    kubectl(['-n', place.name, 'create', 'rolebinding', 'alice', '--role=ws-user', '--user=alice']);
    asAlice = path.join(person.home, 'alice.json');
    const config = JSON.parse(kubectl(['config', 'view', '--raw', '--minify', '-o', 'json']));
    for (const { user } of config.users) user.as = 'alice';
    writeFileSync(asAlice, JSON.stringify(config), { mode: 0o600 });
    expect(readFileSync(asAlice, 'utf8')).toContain('"as":"alice"');
  });

  it('gets a volume of the default class, and hears it', async () => {
    const run = await ws('up', 'role', '--yes', '--no-shell', '--kubeconfig', asAlice);
    expect(run.stderr).toContain("The home gets a volume of the cluster's default storage class");
    expect(run.stderr).not.toContain('The home is lost');
    expect(find('pvc', 'ws-role-home', '-o', 'jsonpath={.status.phase}')).toBe('Bound');
    await ws('down', 'role', '--delete-home', '--yes');
  });

  it('hears what to type where there is no default class, and nothing is left', async () => {
    const values = path.join(person.home, 'unclassed.yaml');
    // As a cluster without a default class: nobody gives the claim one.
    writeFileSync(values, 'home:\n  storageClass: ""\n');
    const words = ['up', 'role', '--yes', '--no-shell', '--values', values, '--kubeconfig', asAlice];
    const run = await person.ws(words);
    expect([run.status, run.stderr]).toEqual([5, expect.stringContaining('names no storage class')]);
    expect(run.stderr).toMatch(/What\s+had\s+been\s+made\s+of\s+the\s+workspace\s+was\s+removed\s+again/);
    expect(run.stderr).toContain(`ws ${words.join(' ')} --storage-class NAME\n`);
    await expect.poll(() => find('deploy/ws-role', 'pvc/ws-role-home', '-o', 'name')).toBe('');
  });
});
