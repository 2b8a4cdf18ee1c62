import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkSshConfig } from '../../../../src/cli/ssh-config/check-ssh-config.ts';
import type { HostPlace } from '../../../../src/workspace/ssh-config/host-blocks.ts';
import { renderSshConfig } from '../../../../src/workspace/ssh-config/ssh-config.ts';
import { renderLauncher } from '../../../../src/workspace/ssh-config/ssh-launcher.ts';
import { saying } from '../../../spelling.ts';
import { snapshot } from '../../workspace/snapshots.ts';

const KUBECONFIG = `
clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]
contexts: [{name: 'wo"rk', context: {cluster: c, user: u}}]
users: [{name: u, user: {}}]
`;
let root: string;
const at = (name: string) => path.join(root, name);
/** Which workspaces the cluster says there are; undefined: it does not say. */
const check = (names?: string[]) => checkSshConfig(new AbortController().signal, undefined, async () => names);

function write(
  place: Partial<HostPlace> = {},
  identityFile: string | undefined = at('my "key"'),
  words = ['/bin/sh', at('ssh_proxy')],
) {
  const host = { workspace: 'dev', user: 'me', hostKeyAlias: 'ws-dev.x.y', identityFile, isTlsPostQuantum: false };
  const whole: HostPlace = { context: 'wo"rk', namespace: 'team', kubeconfig: at('kube%config'), ...place };
  writeFileSync(
    at('ssh_config'),
    renderSshConfig('', [host], whole, { words, platform: 'linux', knownHostsFile: at('known_hosts') }),
    'latin1',
  );
}

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ws chéck-'));
  vi.stubEnv('WS_CONFIG_DIR', root);
  writeFileSync(at('kube%config'), KUBECONFIG);
  writeFileSync(at('my "key"'), '');
  mkdirSync(at('lib'));
  writeFileSync(at('lib/ws'), 'console.log("ws-workspace/1.2.3")');
  chmodSync(at('lib/ws'), 0o755);
  const pairs = [{ node: process.execPath, file: at('lib/ws') }];
  writeFileSync(at('ssh_proxy'), renderLauncher({ pairs, folders: [], configFolder: root }), 'latin1');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

describe('what ws doctor says of the hosts of ssh', () => {
  it('is nothing where there are none', async () => expect(await check()).toBeUndefined());

  it('is that all is as it was', async () => {
    write();
    expect(await check()).toEqual({
      ...{ group: 'SSH configuration', check: 'ssh hosts', verdict: 'good', suggestion: undefined },
      detail: "ws-dev; ws is found where an editor's PATH is short",
    });
    write({ kubeconfig: [at('none'), at('kube%config')].join(path.delimiter), isKubeconfigList: true });
    expect(await check()).toMatchObject({ verdict: 'good' });
  });

  it('is a kubeconfig that the system does not let us read, and no error of the whole', async () => {
    // As a file in a folder that another user has for himself, for root as well.
    symlinkSync(at('loop'), at('loop'));
    write({ kubeconfig: at('loop') });
    const found = await checkSshConfig(new AbortController().signal);
    expect(found).toMatchObject({ verdict: 'warning', suggestion: { program: 'ws', words: ['config-ssh'] } });
    expect(found?.detail).toContain(`ws-dev: The kubeconfig ${at('loop')} cannot be used`);
  });

  it('is that our own file cannot be read', async () => {
    symlinkSync(at('ssh_config'), at('ssh_config'));
    expect(await check()).toMatchObject({ check: 'ssh hosts', verdict: 'bad', code: expect.stringMatching(/^LOCAL/) });
  });

  it('is that the workspace of one is gone, and what takes its host away', async () => {
    write();
    expect(await check(['dev', 'other'])).toMatchObject({ verdict: 'good' });
    expect(await check(['other'])).toMatchObject({
      verdict: 'warning',
      detail: 'ws-dev: the workspace is gone',
      suggestion: { program: 'ws', words: ['config-ssh'], place: { namespace: 'team' }, note: 'removes ws-dev' },
    });
  });

  it('is which workspaces of the namespace have no host, though a host of that name leads elsewhere', async () => {
    write();
    const of = (namespace: string, ...names: string[]) =>
      checkSshConfig(
        new AbortController().signal,
        {
          ...{ context: 'wo"rk', namespace, getClusterId: async () => 'y' },
          listWorkspaces: async () => names.map((name) => snapshot({ name })),
        },
        async () => undefined,
      );
    expect(await of('team', 'dev')).toMatchObject({ verdict: 'good' });
    // Another context of the same cluster.
    expect(await of('x', 'dev')).toMatchObject({ verdict: 'good' });
    expect(await of('other', 'dev', 'ci')).toMatchObject({
      verdict: 'warning',
      detail: 'dev, ci in namespace other: no host',
      suggestion: { words: ['config-ssh'], place: { namespace: 'other' }, note: 'gives dev, ci a host' },
    });
  });

  it('is nothing of a workspace where no cluster answers', async () => {
    write();
    expect(await checkSshConfig(new AbortController().signal)).toMatchObject({ verdict: 'good' });
  });

  it.each<[string, () => void, RegExp]>([
    ['the kubeconfig', () => write({ kubeconfig: at('none') }), /ws-dev: There is no kubeconfig/],
    ['the context', () => write({ context: 'none' }), /ws-dev: There is no context "none"/],
    ['the key', () => write({}, at('none')), /ws-dev: the key .*none is gone/],
    ['the launcher', () => rmSync(at('ssh_proxy')), /ssh_proxy, which starts ws for ssh, is gone/],
    ['the program', () => rmSync(at('lib/ws')), /does not find ws any more/],
    ['all of it, as it is of an earlier ws', () => write({}, undefined, ['ws']), /an earlier ws wrote it/],
  ])('is that %s is not there any more', async (_what, break_, detail) => {
    write();
    break_();
    expect(await check()).toMatchObject({
      verdict: 'warning',
      detail: expect.stringMatching(detail),
      suggestion: saying(/^ws config-ssh/),
    });
  });
});
