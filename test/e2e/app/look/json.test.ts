import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatSchemaFaults, listDocumentedCommands } from '../../../json-schema.ts';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { eventually } from '../../operator/release.ts';
import { finish, makePerson, type Person } from '../running/run-ws.ts';

/** The blocks of docs/json.md: an error, a workspace, progress. */
const EXAMPLES = [
  ...readFileSync(path.resolve(import.meta.dirname, '../../../../docs/json.md'), 'utf8').matchAll(
    /^```json\n([\s\S]*?)^```$/gm,
  ),
].map(([, block = '']) => block.trim());

/** Names of members, those within members as `home.kind`. */
function listMembers(document: object, prefix = ''): string[] {
  return Object.entries(document).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? listMembers(value, `${prefix}${name}.`)
      : [`${prefix}${name}`],
  );
}

let place: TestNamespace;
let person: Person;
const tried = new Set<string>();

beforeAll(() => {
  place = makeNamespace('app-json');
  person = makePerson(place.name);
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

/** The one document on stdout, held against the command's definition. */
async function run(command: string, ...words: string[]) {
  const { status, stdout, stderr } = await person.ws([...command.split(' '), ...words, '--json']);
  expect(status, stdout + stderr).toBe(0);
  tried.add(command);
  const document = JSON.parse(stdout);
  expect(formatSchemaFaults(command, document), stdout).toEqual([]);
  return document;
}

const up = (name: string, ...words: string[]) => run('up', name, '--yes', '--key', person.key, ...words);

/** A workspace’s life: up, ls, status, down, homes. */
async function tryLife(): Promise<void> {
  const made = await up('dev', '--storage-class', 'ws-local', '--size', '64Mi', '--sub-path', 'me');
  expect(made).toMatchObject({ v: 1, name: 'dev', state: 'ready', home: { claim: 'ws-dev-home', subPath: 'me' } });
  const whole = await up('whole', '--storage-class', 'ws-local', '--size', '64Mi');
  // The example of docs/json.md has the members of a real one, in their order.
  const [, workspace = ''] = EXAMPLES;
  expect(listMembers(JSON.parse(workspace))).toEqual(listMembers(whole));
  // The list alone says which one is meant here.
  expect((await run('ls')).items.find(({ name }: { name: string }) => name === 'whole').current).toBe(false);
  await run('down', 'whole', '--delete-home', '--yes');
  await up('bare', '--storage-class', 'none');
  const { items } = await run('ls', '--usage');
  expect(items).toMatchObject([
    { name: 'bare', home: { kind: 'emptyDir', usedBytes: expect.any(Number) } },
    { name: 'dev', home: { kind: 'claim', usedBytes: expect.any(Number), totalBytes: expect.any(Number) } },
  ]);
  const everywhere = await run('ls', '-A');
  expect(everywhere.items).toEqual(expect.arrayContaining([expect.objectContaining({ namespace: place.name })]));
  expect((await run('status', 'dev')).hostKeyFingerprint).toMatch(/^SHA256:/);
  kubectl(['-n', place.name, 'set', 'image', 'deploy/ws-bare', 'workspace=localhost/none:0']);
  const deadline = Date.now() + 60_000;
  for (let found = await run('status', 'bare'); found.trouble === undefined; found = await run('status', 'bare'))
    expect(Date.now()).toBeLessThan(deadline);
  expect((await run('ls')).items[0]).toMatchObject({ name: 'bare', state: 'failing' });
  expect(await run('down', 'dev', '--keep-home')).toMatchObject({ resume: 'ws up dev --yes --json' });
  expect(await run('status', 'dev')).toMatchObject({ state: 'kept-home' });
  await run('down', 'bare', '--home', 'lose', '--yes');
  expect((await run('homes ls')).items.map(({ workspace }: { workspace: string }) => workspace)).toEqual([
    'bare',
    'dev',
  ]);
  expect(await run('homes rm', 'bare', '--yes')).toMatchObject({ deleted: ['ws-bare-host-key'] });
  const kept = ['ws-dev-home', 'ws-dev-host-key'];
  expect(await run('down', 'dev', '--delete-home', '--yes')).toMatchObject({ kept });
  await run('homes rm', 'dev', '--yes');
  expect((await run('ls')).items).toEqual([]);
  expect((await run('homes ls')).items).toEqual([]);
}

/** Keys, editors’ configuration, settings, directories and the doctor. */
async function trySurroundings(): Promise<void> {
  await up('keys', '--storage-class', 'none');
  const other = path.join(person.home, 'other');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'other', '-f', other]);
  expect((await run('keys ls')).items).toHaveLength(1);
  expect((await run('keys add', `${other}.pub`)).items).toMatchObject([{ comment: 'other' }]);
  expect((await run('keys add', `${other}.pub`)).items).toEqual([]);
  expect((await run('keys rm', 'other', '--yes')).items).toHaveLength(1);
  expect(await run('config-ssh', '--dry-run')).toMatchObject({ included: false });
  expect(await run('config-ssh', '--yes')).toMatchObject({ hosts: ['ws-keys'], included: true });
  expect(await run('config-ssh', '--remove')).toMatchObject({ included: false });
  expect(await run('config get', 'uid')).toMatchObject({ value: null });
  await run('config set', 'uid', '1234');
  await run('config set', 'user', 'alice');
  expect(await run('config unset', 'user')).toMatchObject({ key: 'user', value: '' });
  await run('config set', 'user', 'alice');
  await run('use', 'keys');
  expect(await run('config get', 'uid')).toMatchObject({ value: 1234 });
  expect(await run('config ls')).toMatchObject({
    uid: 1234,
    directories: { [process.cwd()]: { workspace: 'keys', namespace: place.name } },
  });
  await run('config set', 'uid', '');
  expect(await run('use', '')).toMatchObject({ workspace: null });
  await run('config path');
  expect((await run('doctor')).items.length).toBeGreaterThan(4);
  await run('down', 'keys', '--delete-home', '--yes');
}

/** Forwards, as soon as they are open; the log; completion. */
async function tryStreams(): Promise<void> {
  await up('ports', '--storage-class', 'none');
  const child = person.start(['forward', '0:3000', '--socks', '0', '--remote', '9:7100', '-w', 'ports', '--json']);
  let stdout = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const done = finish(child);
  const document = JSON.parse(
    await eventually(
      () => stdout,
      (text) => text.endsWith('}\n'),
    ),
  );
  tried.add('forward');
  expect(formatSchemaFaults('forward', document)).toEqual([]);
  expect(document).toEqual({
    v: 1,
    workspace: 'ports',
    forwards: [
      { kind: 'local', address: '127.0.0.1', port: expect.any(Number), remoteHost: 'localhost', remotePort: 3000 },
      { kind: 'socks', address: '127.0.0.1', port: expect.any(Number) },
      { kind: 'remote', address: '127.0.0.1', port: 9, remoteHost: 'localhost', remotePort: 7100 },
    ],
  });
  expect(document.forwards[0].port).not.toBe(0);
  expect(await run('keep', 'ports', '10m')).toEqual({ v: 1, workspace: 'ports', seconds: 600 });
  // What ends it later is no second document.
  const stopped = await run('stop', 'ports', '--until-login', '--home', 'lose', '--yes');
  expect(stopped).toEqual({ v: 1, workspace: 'ports', until: 'login', changed: true });
  expect(await run('status', 'ports')).toMatchObject({ state: 'stopped', stopped: { until: 'login' } });
  const ended = await done;
  expect([ended.status, ended.stdout]).toEqual([5, stdout]);
  expect(ended.stderr).toContain('WORKSPACE_STOPPED');
  await up('ports');
  const { items } = await run('logs', 'ports', '--tail', '3');
  expect(items).toHaveLength(3);
  expect(items.map((line: string) => typeof JSON.parse(line).event)).toEqual(['string', 'string', 'string']);
  const endless = await person.ws(['logs', 'ports', '--follow', '--json']);
  expect([endless.status, JSON.parse(endless.stdout).error.code]).toEqual([2, 'CONFLICTING_FLAGS']);
  expect((await run('completion', 'bash')).script).toContain('complete ');
  expect((await run('version')).version).toMatch(/^\d/);
  await run('down', 'ports', '--delete-home', '--yes');
}

it('--json prints one document, as docs/json.schema.json has it, of each command that has it', async () => {
  await tryLife();
  await trySurroundings();
  await tryStreams();
  expect([...tried].toSorted()).toEqual(listDocumentedCommands());
}, 600_000);

describe('--json prints errors as documents, too, with nothing beside them', () => {
  it.each([
    [2, 'BAD_VALUE', ['ls', '--nothing']],
    [2, 'BAD_VALUE', ['down', 'a', 'b', 'c']],
    [2, 'BAD_VALUE', ['fly']],
    [2, 'BAD_WORKSPACE_NAME', ['up', 'Dev']],
    [2, 'ANSWER_MISSING', ['up', 'new']],
    [2, 'BAD_VALUE', ['config', 'get', 'nothing']],
    [5, 'WORKSPACE_MISSING', ['status', 'nope']],
    [5, 'WORKSPACE_MISSING', ['homes', 'rm', 'nope', '--yes']],
    [5, 'WORKSPACE_MISSING', ['keys', 'ls', 'nope']],
    [3, 'KUBECONFIG_MISSING', ['ls', '--kubeconfig', '/nonexistent']],
    [3, 'CONTEXT_UNKNOWN', ['ls', '--context', 'nope']],
  ])('exit %i, %s: ws %j', async (status, code, words) => {
    const result = await person.ws([...words, '--json']);
    const document = JSON.parse(result.stdout);
    expect([result.status, document.error.code, result.stderr]).toEqual([status, code, '']);
    expect(formatSchemaFaults('error', document)).toEqual([]);
  });
});

describe('the examples of docs/json.md', () => {
  it('show an error as it is: the same members for the same command', async () => {
    const [error = ''] = EXAMPLES;
    const { stdout } = await person.ws(['status', 'nope', '--json']);
    expect(listMembers(JSON.parse(stdout))).toEqual(listMembers(JSON.parse(error)));
  });

  it('show progress as it is: each type of line with the members that a real one has', async () => {
    const [, , progress = ''] = EXAMPLES;
    const words = ['up', 'shown', '--yes', '--storage-class', 'none', '--key', person.key, '--json'];
    const { stderr } = await person.ws([...words, '--progress', 'json']);
    await person.ws(['down', 'shown', '--delete-home', '--yes']);
    const toShape = (line: string) => {
      const { fact, notice, ...event } = JSON.parse(line);
      return JSON.stringify([event.type, Object.keys(event), fact?.kind ?? notice?.kind]);
    };
    const shapes = new Set(stderr.trimEnd().split('\n').map(toShape));
    const shown = progress.split('\n').filter((line) => !line.includes('"pulling"'));
    expect(shown.map(toShape).filter((shape) => !shapes.has(shape))).toEqual([]);
  });
});

describe('--progress json', () => {
  it('prints lines as the schema has them, on stderr alone', async () => {
    const words = [
      'up',
      'lines',
      '--yes',
      '--storage-class',
      'none',
      '--key',
      person.key,
      '--json',
      '--progress',
      'json',
    ];
    for (const line of [words, ['down', 'lines', '--delete-home', '--yes', '--json', '--progress', 'json']]) {
      const { status, stdout, stderr } = await person.ws(line);
      expect(status, stderr).toBe(0);
      expect(formatSchemaFaults(line[0] ?? '', JSON.parse(stdout))).toEqual([]);
      const lines = stderr.trimEnd().split('\n');
      expect(lines.length).toBeGreaterThan(4);
      expect(lines.flatMap((text) => formatSchemaFaults('progress', JSON.parse(text)))).toEqual([]);
    }
  });
});
