import { describe, expect, it } from 'vitest';
import {
  findHost,
  type HostPlace,
  listPublicKeyNames,
  renderSshConfig,
  type SshProgram,
  toPublicKeyName,
  withFreshHost,
  withHost,
  withoutHost,
} from '../../../src/workspace/ssh-config/ssh-config.ts';

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
  ServerAliveInterval 15
  ProxyCommand /usr/bin/node '/opt/ws app/bin/run.js' proxy dev --context work --namespace team
`,
    );
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

  it('drops what is gone from a place, and gives a name that two places have to the latest', () => {
    const one = renderSshConfig('', [host('dev'), host('ci')], work, program);
    const two = renderSshConfig(one, [host('dev')], home, program);
    expect(two.match(/^Host .*/gm)).toEqual(['Host ws-dev', 'Host ws-ci']);
    expect(renderSshConfig(two, [], home, program).match(/^Host .*/gm)).toEqual(['Host ws-ci']);
  });

  it('names a list of kubeconfigs as KUBECONFIG has it', () => {
    const list: HostPlace = { ...work, kubeconfig: '/k/a b:/k/100%', isKubeconfigList: true };
    const text = renderSshConfig('', [host('dev')], list, program);
    expect(text).toContain('\n# context "work", namespace "team", kubeconfig "/k/a b:/k/100%"\n');
    expect(text).toContain(
      "  ProxyCommand /usr/bin/env 'KUBECONFIG=/k/a b:/k/100%%' /usr/bin/node '/opt/ws app/bin/run.js' proxy dev --context",
    );
    expect(findHost(text, 'dev', list)?.isHere).toBe(true);
    expect(findHost(text, 'dev', work)?.isHere).toBe(false);
  });

  it('leaves the key to the agent where it is no file', () => {
    expect(renderSshConfig('', [host('dev')], work, program)).not.toMatch(/Identit/);
  });
});

describe('one block of it', () => {
  const two = renderSshConfig('', [host('dev'), host('ci')], work, program);

  it('is found, and told from another place’s', () => {
    const dev = { isHere: true, hostKeyAlias: 'ws-dev.team.uid', user: 'developer' };
    expect(findHost(two, 'dev', work)).toEqual(dev);
    expect(findHost(two, 'dev', home)).toEqual({ ...dev, isHere: false });
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
