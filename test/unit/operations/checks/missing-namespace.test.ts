/**
 * Every operation that only reads, in a namespace that is not there: an empty answer would say that nothing is in it.
 */
import { describe, expect, it } from 'vitest';
import { withoutNamespace } from '../../../../src/cli/here/without-namespace.ts';
import { getDoomedKey } from '../../../../src/operations/authorized-keys.ts';
import { selectWorkspace } from '../../../../src/operations/checks/select-workspace.ts';
import { planSshConfig } from '../../../../src/operations/config-ssh.ts';
import { getKeptHome, listHomes } from '../../../../src/operations/homes.ts';
import { listKeys } from '../../../../src/operations/look/keys.ts';
import { list } from '../../../../src/operations/look/list.ts';
import { logs } from '../../../../src/operations/look/logs.ts';
import { seeWorkspace } from '../../../../src/operations/look/see-workspace.ts';
import { status } from '../../../../src/operations/look/status.ts';
import type { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { namespaceMissing } from '../../../../src/workspace/errors/missing-namespace.ts';
import { spell } from '../../../../src/workspace/errors/spell.ts';
import { readTyped } from '../../../../src/workspace/errors/typed-command.ts';
import type { SshConfigFiles, TextFile } from '../../../../src/workspace/ssh-config/ssh-config.ts';
import { renderSshConfig } from '../../../../src/workspace/ssh-config/ssh-config.ts';
import type { World } from '../../../../src/workspace/world.ts';
import { saying } from '../../../spelling.ts';
import { collect, fakeClock, fakeWorld, NEVER } from '../fake-world.ts';

type State = Awaited<ReturnType<World['cluster']['findNamespace']>>;

/** A namespace with nothing in it. */
function worldOf(state: State, others: () => Promise<string[] | undefined> = async () => ['default', 'teams']): World {
  const { world } = fakeWorld({
    clock: fakeClock(),
    cluster: {
      isTlsPostQuantum: true,
      findWorkspace: async () => undefined,
      listWorkspaces: async () => [],
      listAllWorkspaces: async () => [],
      listVolumeUsers: async () => [],
      listHostKeys: async () => [],
      getClusterId: async () => 'cluster-1',
      findNamespace: async () => state,
      findNamespaces: others,
    },
    identities: { look: async () => ({ identities: [], agent: { kind: 'none' as const } }), list: async () => [] },
  });
  return world;
}

const program = { words: ['ws'], platform: 'linux' as const, knownHostsFile: '/c/known_hosts' };

/** `own` is what `ws config-ssh` has written before. */
function planSsh(world: World, own = ''): Promise<unknown> {
  const open = (text: string): TextFile => ({
    path: '/c/x',
    read: async () => text,
    update: async () => false,
    remove: async () => undefined,
  });
  const files: SshConfigFiles = { own: open(own), users: open(''), usersKnownHosts: open(''), beside: () => open('') };
  const request = { program, kubeconfig: undefined, identityPath: undefined, includeLine: 'Include /c/x' };
  return planSshConfig({ ...request, pinsForUser: false }, files, world, NEVER);
}

const READERS: Record<string, (world: World) => Promise<unknown>> = {
  'ws ls': (world) => list(world, NEVER),
  'ws homes ls': (world) => listHomes(world, NEVER),
  'ws homes rm': (world) => getKeptHome('dev', world, NEVER),
  'ws keys ls': (world) => listKeys('dev', world, NEVER),
  'ws keys rm': (world) => getDoomedKey('dev', { word: 'me@laptop' }, world, NEVER),
  'ws status': (world) => status('dev', world, NEVER),
  'ws status, without a name': (world) => status(undefined, world, NEVER),
  'ws logs': (world) => collect(logs('dev', { follow: false, previous: false, tailLines: undefined }, world, NEVER)),
  'ws down': (world) => selectWorkspace('dev', world, NEVER, { isDoomed: true, keptHomes: true }),
  'ws config-ssh': (world) => planSsh(world),
};

describe.each(Object.entries(READERS))('%s', (_command, read) => {
  it('says that the namespace is not there, and names the nearest', async () => {
    await expect(read(worldOf(undefined))).rejects.toMatchObject({
      code: 'NAMESPACE_MISSING',
      message: 'There is no namespace team',
      reason: 'There is: default, teams',
      suggestions: expect.arrayContaining([saying(/^ws ls --namespace teams$/)]),
    });
  });

  it('says so, too, where the others may not be listed', async () => {
    const error = await read(worldOf(undefined, async () => undefined)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'NAMESPACE_MISSING', reason: undefined });
    expect(namespaceMissing('dev', 'Bad_Name', ['bad-name']).suggestions).toEqual([
      saying('ws ls --namespace bad-name'),
    ]);
    expect(namespaceMissing('dev', 'Bad_Name').suggestions).toEqual([saying('kubectl get namespaces')]);
    // Nobody who reads wants to make one.
    expect((error as WorkspaceError).suggestions[0]).toMatchObject({ program: 'kubectl' });
  });

  it.each<State>(['active', 'terminating', 'unknown'])('goes on where it is %s', async (state) => {
    const error = await read(worldOf(state)).then(
      () => undefined,
      (thrown: { code: string }) => thrown.code,
    );
    expect(error ?? 'WORKSPACE_MISSING').toBe('WORKSPACE_MISSING');
  });
});

it('leads to a few of the namespaces that there are, where none is near', async () => {
  const others = ['default', 'kube-system', 'one', 'two', 'three'];
  const typed = readTyped(
    'logs',
    ['dev', '-n', 'nope', '--raw'],
    [
      { name: 'namespace', char: 'n', type: 'option' },
      { name: 'raw', type: 'boolean' },
    ],
    () => true,
  );
  const toTyped = (workspace: string | undefined, isWanted: boolean) =>
    namespaceMissing(workspace, 'nope', others, isWanted).suggestions.map(
      (one) => spell(one, { place: { namespace: 'nope' }, typed, workspace: 'dev' }).line,
    );
  expect(toTyped('dev', false)).toEqual([
    'ws logs dev -n default --raw',
    'ws logs dev -n one --raw',
    'ws logs dev -n two --raw',
    'kubectl get namespaces',
    'ws up dev --namespace nope --create-namespace',
  ]);
  // What is to go, or to be made, goes or is made in no other namespace.
  expect(toTyped(undefined, false).slice(0, 2)).toEqual(['ws ls --namespace default', 'ws ls --namespace one']);
  expect(toTyped('dev', true)).toEqual(['ws up dev --namespace nope --create-namespace', 'kubectl get namespaces']);
  const without = (verb: string, error: WorkspaceError) =>
    (withoutNamespace(error, { ...typed, verb }) as WorkspaceError).suggestions.map(
      (one) => spell(one, { place: { namespace: 'nope' }, typed: { ...typed, verb } }).line,
    );
  const unlisted = namespaceMissing('dev', 'nope', undefined, false);
  expect(without('logs', unlisted)[0]).toBe('ws logs dev --raw');
  expect(without('down', unlisted)[0]).toBe('kubectl get namespaces');
  expect(without('logs', namespaceMissing('dev', 'nope', others, false))[0]).toBe('ws logs dev -n default --raw');
  expect(withoutNamespace(unlisted, { ...typed, parts: [] })).toBe(unlisted);
});

it('ws ls --all-namespaces asks about none of them', async () => {
  expect(await list(worldOf(undefined), NEVER, { allNamespaces: true })).toEqual([]);
});

it('ws config-ssh takes away the hosts of a namespace that has gone', async () => {
  const host = {
    workspace: 'dev',
    user: 'alice',
    hostKeyAlias: 'ws-dev.team.cluster-1',
    identityFile: undefined,
    isTlsPostQuantum: true,
  };
  const place = { context: 'kind', namespace: 'team', kubeconfig: undefined };
  const own = renderSshConfig('', [host], place, program);
  expect(await planSsh(worldOf(undefined), own)).toMatchObject({ hosts: [], own: { before: own } });
});

it('ws use goes on, and knows that there is nowhere to look', async () => {
  for (const name of ['dev', undefined])
    expect(await seeWorkspace(name, worldOf(undefined), NEVER)).toMatchObject({
      kind: 'nowhere',
      fault: { code: 'NAMESPACE_MISSING' },
    });
  expect(await seeWorkspace('dev', worldOf('unknown'), NEVER)).toEqual({ kind: 'absent', names: [] });
});
