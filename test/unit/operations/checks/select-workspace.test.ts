import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { nameForUp } from '../../../../src/operations/checks/name-for-up.ts';
import { selectWorkspace } from '../../../../src/operations/checks/select-workspace.ts';
import { list } from '../../../../src/operations/look/list.ts';
import { logs } from '../../../../src/operations/look/logs.ts';
import { failure, WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import type { WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { saying } from '../../../spelling.ts';
import { claimHome, container, keptHome, pod, snapshot } from '../../workspace/snapshots.ts';
import { collect, fakeWorld, NEVER } from '../fake-world.ts';

const named = (name: string, overrides: Partial<WorkspaceSnapshot> = {}) => snapshot({ name, ...overrides });
const kept = { ...keptHome({ name: 'ws-old-home', workspace: 'old' }), name: 'old' };

function worldOf(...all: WorkspaceSnapshot[]) {
  return fakeWorld({
    cluster: {
      listWorkspaces: async () => all,
      findWorkspace: async (name) => all.find((entry) => entry.name === name),
      findNamespace: async () => 'active',
      listHostKeys: async () => [{ name: 'ws-keyed-host-key', workspace: 'keyed', createdAt: '', home: undefined }],
      readLog: async function* (pod, options) {
        yield `${pod} ${JSON.stringify(options)}`;
      },
    },
  }).world;
}
function answering(body: string): Duplex {
  return new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      this.push(body);
      this.push(null);
      done();
    },
  });
}

const select = (name: string | undefined, options = {}, ...all: WorkspaceSnapshot[]) =>
  selectWorkspace(name, worldOf(...all), NEVER, options);

describe('the workspace that is meant', () => {
  it('is the named one', async () => {
    expect((await select('b', {}, named('a'), named('b'))).name).toBe('b');
  });

  it('is the only one when none is named; a kept home does not count', async () => {
    expect((await select(undefined, {}, named('a'), kept)).name).toBe('a');
  });

  it('is a question when there are more', async () => {
    await expect(select(undefined, {}, named('a'), named('b'))).rejects.toMatchObject({
      code: 'WORKSPACE_AMBIGUOUS',
      message: 'Which workspace? There are 2 in namespace team',
      reason: 'a, b',
      suggestions: [saying('ws status a'), saying('ws status b'), saying('ws use a')],
      candidates: [
        { name: 'a', state: 'ready' },
        { name: 'b', state: 'ready' },
      ],
    });
    await expect(select(undefined, { keptHomes: true }, named('a'), kept)).rejects.toMatchObject({ reason: 'a, old' });
  });

  it('can be taken down where that was begun, and nothing else', async () => {
    const half = { ...kept, isHalfDown: true };
    expect(await select('old', { isDoomed: true }, half)).toBe(half);
    await expect(select('old', {}, half)).rejects.toMatchObject({
      reason: 'It was taken down, and that has not ended',
    });
  });

  it('is missing with the names that there are', async () => {
    await expect(select('c', {}, named('a'), kept)).rejects.toMatchObject({
      code: 'WORKSPACE_MISSING',
      message: 'There is no workspace c in namespace team of context kind',
      reason: 'There is: a',
      suggestions: [saying('ws ls --all-namespaces'), saying('ws up c')],
    });
    await expect(select(undefined, {})).rejects.toMatchObject({
      message: 'There is no workspace in namespace team of context kind',
      suggestions: [saying('ws ls --all-namespaces'), saying('ws up dev')],
    });
  });

  it('may be called as after ssh: by its own user, and by the host of config-ssh', async () => {
    const world = worldOf(named('dev'), named('ws-own'), named('own'), kept);
    const find = async (address: string) => (await selectWorkspace(address, world, NEVER)).name;
    expect(await find('alice@dev')).toBe('dev');
    expect(await find('ws-dev')).toBe('dev');
    expect(await find('alice@ws-dev')).toBe('dev');
    expect(await find('ws-own')).toBe('ws-own');
    await expect(find('bob@dev')).rejects.toMatchObject({
      code: 'BAD_WORKSPACE_NAME',
      message: 'Workspace dev has no user bob',
      reason: 'It has one user, and that is alice',
      suggestions: [saying('ws status dev')],
    });
    await expect(find('ws-old')).rejects.toMatchObject({ code: 'WORKSPACE_MISSING' });
  });

  it('is the nearest one where the name is mistyped', async () => {
    await expect(select('webap', {}, named('webapp'), named('dev'))).rejects.toMatchObject({
      suggestions: [saying('ws status webapp'), saying('ws ls --all-namespaces'), saying('ws up webap')],
    });
  });

  it('is nothing to make where it was to go', async () => {
    await expect(select('dev', { isDoomed: true })).rejects.toMatchObject({
      suggestions: [saying('ws ls --all-namespaces')],
    });
    await expect(select('dev', { isToStop: true })).rejects.toMatchObject({
      suggestions: [saying('ws ls --all-namespaces')],
    });
    await expect(select('old', { isDoomed: true }, kept)).rejects.toMatchObject({
      suggestions: [saying('ws ls'), saying('ws up old'), saying('ws homes rm old')],
    });
    await expect(select('old', { isToStop: true }, kept)).rejects.toMatchObject({
      suggestions: [saying('ws ls'), saying('ws up old')],
    });
  });

  it('is never to be deleted first, unless a deletion was asked for', async () => {
    const all = [named('a'), named('b'), kept];
    for (const name of ['old', 'ws-old', 'keyed', 'c', 'ol', undefined])
      for (const selection of [{ isDoomed: true }, { isToStop: true }, { keptHomes: true }, {}])
        for (const there of [all, [kept], []]) {
          const error = await select(name, selection, ...there).catch((thrown: WorkspaceError) => thrown);
          const [first] = error instanceof WorkspaceError ? error.suggestions : [];
          const words = first !== undefined && 'words' in first ? first.words : [];
          expect(words, `${name} of ${there.map((one) => one.name)}`).not.toContain('rm');
          expect(words).not.toContain('--delete-home');
          // A home that was kept here is taken up again. Anything else may be in another place.
          const isHere = ['old', 'ws-old'].includes(name ?? '') && there.includes(kept);
          if (!isHere || 'isDoomed' in selection || 'isToStop' in selection) expect(words).not.toContain('up');
        }
  });

  it('is looked for in a namespace that is there', async () => {
    const { world } = fakeWorld({
      cluster: {
        listWorkspaces: async () => [],
        findWorkspace: async () => undefined,
        findNamespace: async () => undefined,
        findNamespaces: async () => ['default', 'kube-system', 'teams'],
      },
    });
    for (const name of ['dev', undefined])
      await expect(selectWorkspace(name, world, NEVER)).rejects.toMatchObject({
        code: 'NAMESPACE_MISSING',
        message: 'There is no namespace team',
        reason: 'There is: default, teams',
        suggestions: [saying('ws ls --namespace teams'), saying('ws up dev --namespace team --create-namespace')],
      });
  });

  it('is missing, but its home can be taken up again', async () => {
    await expect(select('old', {}, kept)).rejects.toMatchObject({
      code: 'WORKSPACE_MISSING',
      reason: 'Its home was kept and can be taken up again',
    });
    expect((await select('old', { keptHomes: true }, kept)).name).toBe('old');
  });

  it('is missing, but its host key was kept', async () => {
    await expect(select('keyed', { keptHomes: true }, kept)).rejects.toMatchObject({
      reason: 'Only its host key was kept',
      suggestions: [saying('ws homes ls'), saying('ws up keyed'), saying('ws homes rm keyed')],
    });
    await expect(select('keyed', { keptHomes: true, isDoomed: true }, kept)).rejects.toMatchObject({
      suggestions: [saying('ws homes rm keyed'), saying('ws homes ls'), saying('ws up keyed')],
    });
    await expect(select('keyed', {}, kept)).rejects.toMatchObject({ code: 'WORKSPACE_MISSING' });
  });
});

describe('the workspace that ws up is about', () => {
  const nameFor = (address: string | undefined, ...all: WorkspaceSnapshot[]) =>
    nameForUp(address, worldOf(...all), NEVER);

  it.each<[string | undefined, WorkspaceSnapshot[], string]>([
    [undefined, [], 'dev'],
    [undefined, [kept], 'dev'],
    [undefined, [named('web'), kept], 'web'],
    ['web', [], 'web'],
    ['ws-web', [], 'ws-web'],
    ['ws-web', [named('web')], 'web'],
    ['alice@web', [named('web')], 'web'],
  ])('named %s, is %s', async (address, all, name) => {
    expect(await nameFor(address, ...all)).toBe(name);
  });

  it('is a question when there are more, as for every command', async () => {
    await expect(nameFor(undefined, named('a'), named('b'))).rejects.toMatchObject({ code: 'WORKSPACE_AMBIGUOUS' });
  });

  it('changes no user by the way', async () => {
    await expect(nameFor('bob@web', named('web'))).rejects.toMatchObject({ message: 'Workspace web has no user bob' });
    await expect(nameFor('bob@web')).rejects.toMatchObject({ suggestions: [saying('ws up web --user bob')] });
  });

  it('asks nothing for a plain name', async () => {
    expect(await nameForUp('web', fakeWorld({}).world, NEVER)).toBe('web');
  });
});

describe('ws ls', () => {
  it('lists workspaces by name', async () => {
    expect((await list(worldOf(named('b'), named('a'), kept), NEVER)).map(({ name, state }) => [name, state])).toEqual([
      ['a', 'ready'],
      ['b', 'ready'],
      ['old', 'kept-home'],
    ]);
  });

  it('lists those of all namespaces, and asks how full the homes are, when told to', async () => {
    const asked: unknown[] = [];
    const { world } = fakeWorld({
      cluster: {
        listAllWorkspaces: async () => [named('b', { namespace: 'z' }), named('c', { pod: undefined }), named('a')],
        openPodStream: async (...words) => {
          asked.push(words.filter((word) => !(word instanceof AbortSignal)));
          const [, , , options] = words;
          if (options?.namespace === 'z') throw failure('CONNECTION_FAILED', { message: 'x' });
          const body = 'HTTP/1.1 200 OK\r\n\r\n# HELP\nws_home_size_bytes 4096\nws_home_used_bytes 1e3\n';
          return answering(body);
        },
      },
    });
    const all = await list(world, NEVER, { allNamespaces: true, usage: true });
    expect(all.map(({ namespace, name, home }) => [namespace, name, home.usedBytes, home.totalBytes])).toEqual([
      ['team', 'a', 1000, 4096],
      ['team', 'c', undefined, undefined],
      ['z', 'b', undefined, undefined],
    ]);
    expect(asked).toEqual([
      ['ws-dev-1', 9222, { namespace: 'z' }],
      ['ws-dev-1', 9222, { namespace: 'team' }],
    ]);
  });

  it('lists no kept home that another workspace has taken up', async () => {
    const home = claimHome({ name: 'ws-old-home', workspace: 'old' });
    expect((await list(worldOf(named('new', { home }), kept), NEVER)).map(({ name }) => name)).toEqual(['new']);
  });
});

describe('ws logs', () => {
  const options = { follow: false, previous: true, tailLines: 5 };

  it('reads the pod’s log as it was asked to', async () => {
    const restarted = named('a', { pod: pod({ container: container({ restarts: 1 }) }) });
    const lines = await collect(logs('a', options, worldOf(restarted), NEVER));
    expect(lines).toEqual(['ws-dev-1 {"follow":false,"previous":true,"tailLines":5}']);
  });

  it('says when there is no pod', async () => {
    await expect(collect(logs('a', options, worldOf(named('a', { pod: undefined })), NEVER))).rejects.toMatchObject({
      code: 'WORKSPACE_NOT_READY',
      suggestions: [saying('ws status a'), saying('ws up a')],
    });
  });
});
