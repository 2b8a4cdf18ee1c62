import { describe, expect, it } from 'vitest';
import { AUTHORIZED_KEYS_FILE } from '../../../../src/contract/paths.ts';
import { addSshHost, removeSshHost } from '../../../../src/operations/ssh-config/keep-ssh-config.ts';
import type { Identity } from '../../../../src/workspace/keys/keys.ts';
import {
  renderSshConfig,
  type SshConfigFiles,
  type SshProgram,
  type TextFile,
} from '../../../../src/workspace/ssh-config/ssh-config.ts';
import { deployment, snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, makeIdentity, NEVER } from '../fake-world.ts';

const program: SshProgram = { words: ['ws'], platform: 'linux', knownHostsFile: '/c/known_hosts' };
const request = { program, kubeconfig: undefined, identityPath: undefined };
const place = { context: 'kind', namespace: 'team', kubeconfig: undefined };
const other = {
  workspace: 'other',
  user: 'bob',
  hostKeyAlias: 'ws-other.team.cluster-1',
  identityFile: '/k',
  isTlsPostQuantum: true,
};
const set = renderSshConfig('', [other], place, program);

/** Files in memory; the user's own may not be touched. */
function memory(own: string) {
  const texts = new Map([['ssh_config', own]]);
  const open = (name: string): TextFile => ({
    path: `/c/${name}`,
    read: async () => texts.get(name) ?? '',
    update: async (change) => {
      const isNew = !texts.has(name);
      const text = change(texts.get(name) ?? '');
      if (text === (texts.get(name) ?? '')) return false;
      texts.set(name, text);
      return isNew;
    },
    remove: async () => void texts.delete(name),
  });
  const files: SshConfigFiles = {
    own: open('ssh_config'),
    beside: open,
    usersKnownHosts: open('known_hosts'),
    get users(): TextFile {
      throw new Error('nobody may touch it');
    },
  };
  return { texts, files };
}

function worldOf(identity: Identity) {
  return fakeWorld({
    cluster: {
      isTlsPostQuantum: true,
      getClusterId: async () => 'cluster-1',
      findSecret: async () => new Map([[AUTHORIZED_KEYS_FILE, Buffer.from(`ssh-ed25519 ${identity.blob}\n`)]]),
    },
    identities: {
      look: async () => ({ identities: [makeIdentity(9), identity], agent: { kind: 'none' as const } }),
      read: async () => makeIdentity(5),
    },
  });
}

const fromFile = makeIdentity(1);
const fromAgent = makeIdentity(2, { source: 'agent', path: undefined });

describe('after ws up', () => {
  it('nothing is made, and nothing asked, where config-ssh has not been', async () => {
    const { texts, files } = memory('');
    const { world, calls } = worldOf(fromFile);
    await addSshHost(snapshot(), request, files, world, NEVER);
    expect([texts.get('ssh_config'), calls]).toEqual(['', []]);
  });

  it('a new workspace has its block, with the key that it authorizes', async () => {
    const { texts, files } = memory(set);
    await addSshHost(snapshot(), request, files, worldOf(fromFile).world, NEVER);
    const text = texts.get('ssh_config') ?? '';
    expect(text).toMatch(
      /Host ws-dev\n  HostKeyAlias ws-dev\.team\.cluster-1\n[\s\S]*IdentityFile \/home\/alice\/\.ssh\/key-1\n/,
    );
    expect(text).toContain('Host ws-other\n');
    expect([...texts.keys()]).toEqual(['ssh_config']);
  });

  it('a key of the agent is named by its public half, and that is removed with the block', async () => {
    const { texts, files } = memory(set);
    const { world } = worldOf(fromAgent);
    await addSshHost(snapshot(), request, files, world, NEVER);
    const [, key = ''] = texts.keys();
    expect(texts.get(key)).toBe(`ssh-ed25519 ${fromAgent.blob}\n`);
    expect(texts.get('ssh_config')).toContain(`  IdentitiesOnly yes\n  IdentityFile /c/${key}\n`);
    await removeSshHost('dev', request, files, world);
    expect([...texts]).toEqual([['ssh_config', set]]);
  });

  it('the wanted key wins', async () => {
    const { texts, files } = memory(set);
    await addSshHost(snapshot(), { ...request, identityPath: '/x' }, files, worldOf(fromFile).world, NEVER);
    expect(texts.get('ssh_config')).toContain('IdentityFile /home/alice/.ssh/key-5\n');
  });

  it('a block that is right stays, with the key that was chosen for it; one of a new host key or user is made anew', async () => {
    const dev = {
      workspace: 'dev',
      user: 'alice',
      hostKeyAlias: 'ws-dev.team.cluster-1',
      identityFile: '/chosen',
      isTlsPostQuantum: true,
    };
    const right = renderSshConfig('', [dev], place, program);
    const { texts, files } = memory(right);
    await addSshHost(snapshot(), request, files, worldOf(fromFile).world, NEVER);
    expect(texts.get('ssh_config')).toBe(right);
    const moved = { ...program, words: ['/bin/sh', '/c/ssh_proxy'], launcher: '# one\n' };
    await addSshHost(snapshot(), { ...request, program: moved }, files, worldOf(fromFile).world, NEVER);
    expect(texts.get('ssh_config')).toBe(right.replace('ProxyCommand ws', 'ProxyCommand /bin/sh /c/ssh_proxy'));
    expect(texts.get('ssh_proxy')).toBe('# one\n');
    const changed = snapshot({ deployment: deployment({ user: 'bob' }) });
    await addSshHost(changed, request, files, worldOf(fromFile).world, NEVER);
    expect(texts.get('ssh_config')).toMatch(/  User bob\n[\s\S]*key-1\n/);
  });

  it('a host key in known_hosts of the user follows, and goes with the block; where it is not, it does not come', async () => {
    const { texts, files } = memory(set);
    const alias = 'ws-dev.team.cluster-1';
    const [old, now] = [makeIdentity(6).blob, makeIdentity(7).blob];
    const { world } = worldOf(fromFile);
    const pinned = { ...world, knownHosts: { find: async () => [{ type: 'ssh-ed25519', blob: now }] } as never };
    await addSshHost(snapshot(), request, files, pinned, NEVER);
    expect(texts.has('known_hosts')).toBe(false);
    texts.set('known_hosts', `# mine\nws-dev ssh-ed25519 ${old}\n${alias} ssh-ed25519 ${old}\n`);
    await addSshHost(snapshot(), request, files, pinned, NEVER);
    expect(texts.get('known_hosts')).toBe(`# mine\nws-dev ssh-ed25519 ${now}\n${alias} ssh-ed25519 ${now}\n`);
    await removeSshHost('dev', request, files, world);
    expect(texts.get('known_hosts')).toBe('# mine\n');
  });

  it('a block of this name that leads to another place stays, and the new one gets a name of its own', async () => {
    const there = renderSshConfig('', [{ ...other, workspace: 'dev' }], { ...place, context: 'work' }, program);
    const { texts, files } = memory(there);
    const { world } = worldOf(fromFile);
    expect(await addSshHost(snapshot(), request, files, world, NEVER)).toEqual({
      workspace: 'dev',
      name: 'ws-dev.team.kind',
      holder: { name: 'ws-dev', context: 'work', namespace: 'team' },
    });
    const both = texts.get('ssh_config') ?? '';
    expect(both.match(/^Host .*/gm)).toEqual(['Host ws-dev.team.kind', 'Host ws-dev']);
    // It is said once.
    expect(await addSshHost(snapshot(), request, files, world, NEVER)).toBeUndefined();
    expect(texts.get('ssh_config')).toBe(both);
    await removeSshHost('dev', request, files, world);
    expect(texts.get('ssh_config')).toBe(there);
    await removeSshHost('dev', request, files, world);
    expect(texts.get('ssh_config')).toBe(there);
  });

  it('a block of another context that leads to the same workspace is enough', async () => {
    const same = { ...other, workspace: 'dev', hostKeyAlias: 'ws-dev.team.cluster-1' };
    const there = renderSshConfig('', [same], { ...place, context: 'work' }, program);
    const { texts, files } = memory(there);
    expect(await addSshHost(snapshot(), request, files, worldOf(fromFile).world, NEVER)).toBeUndefined();
    expect(texts.get('ssh_config')).toBe(there);
  });
});
