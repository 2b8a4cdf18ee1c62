/**
 * Every operation that only reads, in a namespace that is not there: an empty answer would say that nothing is in it.
 */
import { describe, expect, it } from 'vitest';
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
