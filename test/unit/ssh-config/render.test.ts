import { describe, expect, it } from 'vitest';
import { type HostPlace, readBlocks, readDirect, readWake } from '../../../src/workspace/ssh-config/host-blocks.ts';
import { nameHost } from '../../../src/workspace/ssh-config/host-names.ts';
import {
  findHost,
  listPublicKeyNames,
  renderSshConfig,
  type SshProgram,
  toPublicKeyName,
  withFreshHost,
  withHost,
  withoutHost,
} from '../../../src/workspace/ssh-config/ssh-config.ts';
import { parseDirect } from '../../../src/workspace/ways/direct.ts';

const program: SshProgram = {
  words: ['/usr/bin/node', '/opt/ws app/bin/run.js'],
  platform: 'linux',
  knownHostsFile: '/home/me/.config/ws/known_hosts',
};
const work: HostPlace = { context: 'work', namespace: 'team', kubeconfig: undefined };
const home: HostPlace = { context: 'home "x"', namespace: 'me', kubeconfig: '/k/c.yaml' };
const host = (workspace: string, identityFile?: string) => ({
  workspace,
  user: 'developer',
  hostKeyAlias: `ws-${workspace}.team.uid`,
  identityFile,
  isTlsPostQuantum: false,
});

describe('the file with the Host blocks', () => {
  it('has one block per workspace', () => {
    expect(renderSshConfig('', [host('dev', '/home/me/.ssh/id_ed25519')], work, program)).toBe(
      `# Written by ws config-ssh, and written anew each time. Your own settings belong in ~/.ssh/config.

# context "work", namespace "team"
Host ws-dev
  HostKeyAlias ws-dev.team.uid
  UserKnownHostsFile /home/me/.config/ws/known_hosts
  StrictHostKeyChecking yes
  UpdateHostKeys no
  CheckHostIP no
  User developer
  Ciphers aes128-gcm@openssh.com,aes256-gcm@openssh.com
  IdentitiesOnly yes
  IdentityFile /home/me/.ssh/id_ed25519
  ForwardAgent no
  SendEnv COLORTERM
  ConnectTimeout 0
  ServerAliveInterval 0
  ProxyCommand /usr/bin/node '/opt/ws app/bin/run.js' proxy dev --context work --namespace team
`,
    );
  });

  it('says which logins wake a workspace, where that is not the default, and keeps it until another is asked for', () => {
    const rules = (text: string) =>
      [...text.matchAll(/ proxy (\w+) .*?(?: --wake (\w+))?$/gm)].map((found) => found[2]);
    const first = renderSshConfig('', [{ ...host('dev'), wake: 'never' as const }, host('ci')], work, program);
    expect(rules(first)).toEqual(['never', undefined]);
    expect(rules(renderSshConfig(first, [host('dev'), host('ci')], work, program))).toEqual(['never', undefined]);
    expect(rules(withFreshHost(first, host('dev'), work, program))).toEqual(['never', undefined]);
    expect(rules(withHost(first, host('dev'), work, program))).toEqual(['never', undefined]);
    const others = [
      { ...host('dev'), wake: 'human' as const },
      { ...host('ci'), wake: 'always' as const },
    ];
    expect(rules(renderSshConfig(first, others, work, program))).toEqual([undefined, 'always']);
    expect(findHost(first, 'dev', work)?.name).toBe('ws-dev');
  });

  it('leads past the API server where that is asked for, with all that it lacks there, until it is undone', () => {
    const plain = { ...host('dev'), isTlsPostQuantum: true };
    for (const address of ['203.0.113.7:2222', '[fd00::7]:30022', '[fe80::1%eth0]:22', 'dev.example.com:22']) {
      const direct = parseDirect(address);
      const first = renderSshConfig('', [{ ...plain, direct, wake: 'never' as const }], work, program);
      expect(first).toMatch(/ --direct \S+ --wake never$/m);
      expect(readBlocks(first).map(readDirect)).toEqual([direct]);
      expect(readBlocks(first).map(readWake)).toEqual(['never']);
      expect(first).not.toContain('Kex');
      expect(first).toContain('  ServerAliveInterval 15\n');
      expect(renderSshConfig(first, [plain], work, program)).toBe(first);
      expect(withFreshHost(first, plain, work, program)).toBe(first);
      const undone = renderSshConfig(first, [{ ...plain, direct: 'none' as const }], work, program);
      expect(undone).toBe(renderSshConfig('', [{ ...plain, wake: 'never' as const }], work, program));
    }
  });

  it('leaves out the slow post-quantum key exchange where TLS has one, and only there', () => {
    const inside = { ...host('dev'), isTlsPostQuantum: true };
    expect(renderSshConfig('', [inside, host('ci')], work, program).split('Host ')).toEqual([
      expect.not.stringContaining('Kex'),
      expect.stringMatching(/^ws-dev\n[^]*\n  KexAlgorithms -sntrup761\*\n/),
      expect.not.stringContaining('Kex'),
    ]);
  });

  it('is the same when it is written again, also with other places in it', () => {
    const one = renderSshConfig('', [host('dev'), host('ci')], work, program);
    const two = renderSshConfig(one, [host('lab')], home, program);
    expect(two).toContain('Host ws-dev\n');
    expect(two).toContain(`--context 'home "x"' --namespace me --kubeconfig /k/c.yaml`);
    expect(renderSshConfig(two, [host('lab')], home, program)).toBe(two);
    const back = renderSshConfig(two, [host('dev'), host('ci')], work, program);
    expect(renderSshConfig(back, [host('lab')], home, program)).toBe(two);
  });

  it('drops what is gone from a place, and lets a later context of the same workspace have its host', () => {
    const one = renderSshConfig('', [host('dev'), host('ci')], work, program);
    const two = renderSshConfig(one, [host('dev')], home, program);
    expect(two.match(/^Host .*/gm)).toEqual(['Host ws-dev', 'Host ws-ci']);
    expect(renderSshConfig(two, [], home, program).match(/^Host .*/gm)).toEqual(['Host ws-ci']);
  });

  it('never takes a host from another workspace: the later one has its place in its name, and keeps it', () => {
    const at = (namespace: string, context = 'work'): HostPlace => ({ context, namespace, kubeconfig: undefined });
    const dev = (place: HostPlace) => [{ ...host('dev'), hostKeyAlias: `ws-dev.${places.indexOf(place)}` }];
    const places = [at('a'), at('b'), at('a', 'Arn:x/y'), at('a', 'arn-x-y')];
    const write = (text: string, place: HostPlace) => renderSshConfig(text, dev(place), place, program);
    const all = places.reduce(write, '');
    const names = ['ws-dev', 'ws-dev.b', 'ws-dev.a.arn-x-y', 'ws-dev.a.arn-x-y-2'];
    const find = (text: string) => places.map((place) => findHost(text, 'dev', place)?.name);
    expect(find(all)).toEqual(names);
    expect(find([...places, ...places].reduce(write, all))).toEqual(names);
    const [first, second] = [at('a'), at('b')];
    const left = withoutHost(all, 'dev', second);
    expect(find(left)).toEqual(names.with(1, undefined as never));
    // The plain name is free when its block goes, and whoever has another keeps that.
    const free = withoutHost(all, 'dev', first);
    expect(find(write(free, second))).toEqual(names.with(0, undefined as never));
    expect(nameHost(free, { workspace: 'dev', hostKeyAlias: 'new' }, at('c'))).toBe('ws-dev');
    for (const place of places) {
      const [one = host('dev')] = dev(place);
      expect(find(withHost(all, { ...one, user: 'bob' }, place, program))).toEqual(names);
    }
  });

  it('names a list of kubeconfigs as KUBECONFIG has it', () => {
    const list: HostPlace = { ...work, kubeconfig: '/k/a b:/k/100%', isKubeconfigList: true };
    const text = renderSshConfig('', [host('dev')], list, program);
    expect(text).toContain('\n# context "work", namespace "team", kubeconfig "/k/a b:/k/100%"\n');
    expect(text).toContain(
      "  ProxyCommand /usr/bin/env 'KUBECONFIG=/k/a b:/k/100%%' /usr/bin/node '/opt/ws app/bin/run.js' proxy dev --context",
    );
    expect(findHost(text, 'dev', list)?.name).toBe('ws-dev');
    expect(findHost(text, 'dev', work)).toBeUndefined();
  });

  it('leaves the key to the agent where it is no file', () => {
    expect(renderSshConfig('', [host('dev')], work, program)).not.toMatch(/Identit/);
  });
});

describe('one block of it', () => {
  const two = renderSshConfig('', [host('dev'), host('ci')], work, program);

  it('is found, and told from another place’s', () => {
    const dev = { name: 'ws-dev', hostKeyAlias: 'ws-dev.team.uid', user: 'developer' };
    expect(findHost(two, 'dev', work)).toEqual(dev);
    expect(findHost(two, 'dev', home)).toBeUndefined();
    expect(findHost(two, 'de', work)).toBeUndefined();
  });

  it('is made anew with the key that was chosen for it, and only there', () => {
    const before = renderSshConfig('', [host('dev', '/home/ü/my "key"'), host('ci', '/k')], work, program);
    const moved = { ...program, words: ['/bin/sh', '/c/ssh_proxy'] };
    const after = withFreshHost(before, host('dev'), work, moved);
    expect(after).toBe(
      before.replace("/usr/bin/node '/opt/ws app/bin/run.js' proxy dev", '/bin/sh /c/ssh_proxy proxy dev'),
    );
    expect(withFreshHost(before, host('dev'), home, moved)).toBe(before);
    expect(withFreshHost(before, host('none'), work, moved)).toBe(before);
  });

  it('is added, made anew or taken away, and the others stay', () => {
    const three = withHost(two, host('new', '/k.pub'), work, program);
    expect(three).toContain('  IdentityFile /k.pub\n');
    expect(three.match(/^Host /gm)).toHaveLength(3);
    const anew = withHost(three, { ...host('new'), user: 'bob' }, work, program);
    expect(findHost(anew, 'new', work)?.user).toBe('bob');
    expect(anew.match(/^Host /gm)).toHaveLength(3);
    expect(withoutHost(anew, 'new', work)).toBe(two);
    expect(withoutHost(two, 'dev', home)).toBe(two);
    expect(withoutHost('anything', 'dev', work)).toBe('anything');
  });
});

describe('public keys beside it', () => {
  it('have a name for each key, and are found in a text', () => {
    const name = toPublicKeyName('SHA256:9MxB3l6c5+/x');
    expect(name).toMatch(/^ssh_key-[0-9a-f]{16}\.pub$/);
    expect(toPublicKeyName('SHA256:AMxB3l6c5+/x')).not.toBe(name);
    const text = renderSshConfig('', [host('a', `/c d/${name}`), host('b', `/c d/${name}`), host('c')], work, program);
    expect(listPublicKeyNames(text)).toEqual([name]);
  });
});
