import { describe, expect, it } from 'vitest';
import { doctor } from '../../../../src/operations/look/doctor.ts';
import { UNASKED } from '../../../../src/workspace/diagnosis/scene.ts';
import { failure, interrupted } from '../../../../src/workspace/errors/errors.ts';
import { advice } from '../../../../src/workspace/errors/suggestion.ts';
import type { AgentState } from '../../../../src/workspace/keys/agents.ts';
import type { Machine } from '../../../../src/workspace/machine.ts';
import type { Cluster, World } from '../../../../src/workspace/world.ts';
import { saying } from '../../../spelling.ts';
import { deployment, pendingPod, snapshot } from '../../workspace/snapshots.ts';
import { collect, fakeWorld, makeIdentity, NEVER } from '../fake-world.ts';

const MACHINE: Machine = {
  account: { uid: 1000, name: 'me', home: '/home/me', accountHome: '/home/me' },
  ignoredVariables: [],
  settingsFolder: { path: '/home/me/.config/ws', fault: undefined },
  termName: 'xterm-kitty',
  locale: { variable: 'LANG', value: 'de_DE.UTF-8' },
  readOpenSsh: async () => ({
    version: 'OpenSSH_9.9p1',
    kex: ['curve25519-sha256'],
    keys: ['ssh-rsa', 'ssh-ed25519'],
    ciphers: ['aes128-ctr', 'aes256-gcm@openssh.com'],
    fips: undefined,
  }),
};
const IMAGE = async () => ({ name: 'ws-workspace:1.2.3', from: undefined });

type Given = { cluster?: Partial<Cluster> } & Partial<Record<keyof World, object>>;

function examine(given: Given = {}) {
  return collect(doctor({ ...makeWorld(given).world, machine: MACHINE }, IMAGE, NEVER));
}

function makeWorld({ cluster = {}, ...parts }: Given = {}) {
  return fakeWorld({
    releases: { getVersion: async () => '4.3.1', render: async () => [] },
    identities: {
      look: async () => ({
        identities: [makeIdentity(1), makeIdentity(2, { source: 'agent', comment: '' })],
        agent: { kind: 'none' },
      }),
    } as never,
    knownHosts: { path: '/known_hosts' },
    ...parts,
    cluster: {
      access: { files: [{ path: '/k/config', isThere: true }], credentials: { kind: 'token' }, variables: [] },
      getVersion: async () => 'v1.37.2',
      listWorkspaces: async () => [],
      findImageTraces: async () => ({ nodes: { all: 3, having: ['a', 'b'] }, refusal: undefined }),
      findNamespace: async () => 'active',
      findMissingPermissions: async () => [],
      lookAround: async () => UNASKED,
      tryObjects: async () => [],
      findStorageClasses: async () => [
        { name: 'fast', provisioner: 'x', isDefault: true, bindingMode: 'Immediate', canGrow: true },
      ],
      ...cluster,
    },
  });
}
const fail = (code: 'HELM_MISSING' | 'CLUSTER_UNREACHABLE') => async () => {
  throw failure(code, { message: 'What', reason: 'why', suggestions: [advice('do this'), advice('or that')] });
};

describe('ws doctor', () => {
  it('looks at everything and finds it good', async () => {
    expect((await examine()).map(({ check, verdict, detail }) => `${verdict} ${check}: ${detail}`)).toEqual([
      'good user: me (UID 1000)',
      'good folders: /home/me/.config/ws',
      'good locale: de_DE.UTF-8 (LANG); a workspace has C.UTF-8 and en_US.UTF-8',
      'good terminal: xterm-kitty; a workspace that has no description of it uses xterm-256color',
      'good helm: helm 4.3.1',
      'good openssh: OpenSSH_9.9p1: curve25519-sha256, ssh-ed25519, aes256-gcm@openssh.com',
      'good kubeconfig: /k/config, context kind',
      'good credentials: a token of the kubeconfig',
      'good authority: those that this machine trusts, for the name api.test',
      'good cluster: Kubernetes v1.37.2',
      'good namespace: team',
      'good workspaces: none yet',
      'good image: ws-workspace:1.2.3; on 2 of 3 nodes',
      'good permissions: all there',
      'good new workspace: a new workspace would be taken',
      'good storage classes: fast (default)',
      'good head-room: the namespace has no quota',
      'good pod stream: not tried: no workspace is ready here',
      'good ssh agent: no ssh agent is configured',
      `good keys: key-1 ${makeIdentity(1).fingerprint} (file), ssh-ed25519 ${makeIdentity(2).fingerprint} (agent)`,
      'good known hosts: /known_hosts',
    ]);
  });

  it('goes on without helm, and says what to do', async () => {
    const findings = await examine({ releases: { getVersion: fail('HELM_MISSING') } });
    expect(findings).toHaveLength(20);
    expect(findings.find(({ check }) => check === 'helm')).toEqual({
      group: 'This machine',
      check: 'helm',
      verdict: 'bad',
      detail: 'What: why',
      code: 'HELM_MISSING',
      suggestion: advice('do this'),
    });
  });

  /** What throws when the check asks for it, and the checks for which there is nothing to look at then. */
  const THROWING: [string, string[]][] = [
    ...['account', 'ignoredVariables', 'locale', 'termName', 'readOpenSsh', 'look', 'path', 'image'].map(
      (name): [string, string[]] => [name, []],
    ),
    ...['access', 'trust', 'listWorkspaces', 'findImageTraces', 'findMissingPermissions', 'tryObjects'].map(
      (name): [string, string[]] => [name, []],
    ),
    ...['findStorageClasses', 'lookAround'].map((name): [string, string[]] => [name, []]),
    ['getVersion of helm', ['new workspace']],
    ['findNamespace', ['new workspace']],
  ];
  const refusals = [
    failure('LOCAL_FILE_FAILED', { message: '/x cannot be used', reason: 'why', suggestions: [advice('do this')] }),
    Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', syscall: 'stat', path: '/x' }),
  ];

  it.each(THROWING.flatMap(([name, without]) => refusals.map((error) => [name, error.name, without, error] as const)))(
    'goes on with all other checks where %s throws a %s',
    async (name, _kind, without, error) => {
      const all = (await examine()).map(({ check }) => check);
      const broken = <Whole extends object>(whole: Whole): Whole =>
        new Proxy(whole, {
          get: (target, member) => {
            if (member === name) throw error;
            return Reflect.get(target, member);
          },
        });
      const { world } = makeWorld();
      const releases = broken(world.releases);
      if (name === 'getVersion of helm') releases.getVersion = () => Promise.reject(error);
      const findings = await collect(
        doctor(
          {
            ...{ releases, identities: broken(world.identities), knownHosts: broken(world.knownHosts) },
            ...{ machine: broken(MACHINE), cluster: broken(world.cluster) },
          },
          name === 'image' ? () => Promise.reject(error) : IMAGE,
          NEVER,
        ),
      );
      expect(findings.map(({ check }) => check)).toEqual(all.filter((check) => !without.includes(check)));
      const bad = findings.filter(({ verdict }) => verdict === 'bad');
      expect(bad.length).toBeGreaterThan(0);
      for (const { detail, code, suggestion } of bad) {
        expect(detail).toMatch(/^\/x cannot be used: /);
        expect(code).toMatch(/^LOCAL_FILE/);
        expect(suggestion).toBeDefined();
      }
    },
  );

  it('asks a cluster that does not answer nothing more', async () => {
    const findings = await examine({ cluster: { getVersion: fail('CLUSTER_UNREACHABLE') } });
    expect(findings.map(({ check }) => check).slice(-4)).toEqual(['cluster', 'ssh agent', 'keys', 'known hosts']);
    expect(findings.filter(({ verdict }) => verdict !== 'good')).toMatchObject([{ check: 'cluster', verdict: 'bad' }]);
  });

  it('looks at all the rest without a kubeconfig', async () => {
    const { world } = fakeWorld({
      releases: { getVersion: async () => '4.3.1' },
      identities: { look: async () => ({ identities: [makeIdentity(1)], agent: { kind: 'none' } }) } as never,
      knownHosts: { path: '/known_hosts' },
    });
    const cluster = failure('KUBECONFIG_MISSING', {
      message: 'None',
      reason: 'looked',
      suggestions: [advice('Get one')],
    });
    const findings = await collect(doctor({ ...world, machine: MACHINE, cluster }, IMAGE, NEVER));
    expect(findings.map(({ check }) => check)).toEqual([
      ...['user', 'folders', 'locale', 'terminal', 'helm', 'openssh', 'kubeconfig', 'ssh agent', 'keys', 'known hosts'],
    ]);
    expect(findings.filter(({ verdict }) => verdict !== 'good')).toEqual([
      {
        ...{ group: 'Cluster', check: 'kubeconfig', verdict: 'bad', detail: 'None: looked' },
        ...{ suggestion: advice('Get one'), code: 'KUBECONFIG_MISSING' },
      },
    ]);
  });

  it.each<[string, Partial<Cluster>, object]>([
    ['a missing namespace', { findNamespace: async () => undefined }, { verdict: 'bad', suggestion: saying(/create/) }],
    ['a namespace that goes', { findNamespace: async () => 'terminating' }, { verdict: 'bad' }],
    [
      'missing permissions',
      {
        findMissingPermissions: async () => [
          { group: '', resource: 'pods', subresource: 'portforward', verb: 'create' },
        ],
      },
      { verdict: 'bad', detail: 'missing: create pods/portforward' },
    ],
    ['classes that may not be listed', { findStorageClasses: async () => undefined }, { verdict: 'warning' }],
    [
      'certificate checks turned off',
      { trust: { kind: 'none', reason: 'skipped' } },
      { check: 'authority', verdict: 'warning', detail: expect.stringContaining('insecure-skip-tls-verify') },
    ],
    [
      'a server without TLS',
      { trust: { kind: 'none', reason: 'no-tls' } },
      { check: 'authority', verdict: 'warning', detail: expect.stringContaining('http://') },
    ],
    ['no classes', { findStorageClasses: async () => [] }, { verdict: 'warning' }],
  ])('finds %s', async (_name, cluster, expected) => {
    expect((await examine({ cluster })).filter(({ verdict }) => verdict !== 'good')).toEqual([
      expect.objectContaining(expected),
    ]);
  });

  it('says what is wrong with a workspace, as ws status does', async () => {
    const lost = snapshot({ home: { kind: 'missing-claim', name: 'data' }, pod: pendingPod() });
    const findings = await examine({ cluster: { listWorkspaces: async () => [lost] } });
    expect(findings.find(({ check }) => check === 'workspaces')).toMatchObject({
      verdict: 'warning',
      detail: 'dev: The home claim data does not exist (CLAIM_MISSING)',
      suggestion: saying(/^kubectl get pvc/),
    });
  });

  it('reads the Secret of each that is ready, and says nothing of one that it may not read', async () => {
    const secret = { data: new Map(), changedAt: undefined, labels: {}, annotations: {} };
    const look = async (findMarkedSecret: Cluster['findMarkedSecret']) => {
      const old = snapshot({ deployment: deployment({ sharedMemory: '1Gi' }) });
      const findings = await examine({
        cluster: { listWorkspaces: async () => [old], findMarkedSecret, openPodStream: fail('CLUSTER_UNREACHABLE') },
      });
      return findings.find(({ check }) => check === 'workspaces');
    };
    expect((await look(async () => secret))?.detail).toContain('(AUTHORIZED_KEYS_UNUSABLE)');
    expect(await look(fail('CLUSTER_UNREACHABLE'))).toMatchObject({ verdict: 'good', detail: 'dev (ready)' });
  });

  it('finds that there is no key, and names the folder where keys are looked for', async () => {
    const findings = await examine({
      identities: { folder: '/home/me/.ssh', look: async () => ({ identities: [], agent: { kind: 'none' } }) } as never,
    });
    expect(findings.find(({ check }) => check === 'keys')).toMatchObject({
      verdict: 'warning',
      detail: 'none in the ssh agent or /home/me/.ssh',
      // Where there are workspaces, ws up has to be told which, and makes no key for one of them.
      suggestion: { program: 'ssh-keygen', note: expect.stringMatching(/^makes one; ws up takes it/) },
    });
  });

  it.each<[string, AgentState, RegExp, string]>([
    [
      'that is silent',
      { kind: 'silent', name: 'the ssh agent /x', reason: 'why', remedy: [advice('do this')] },
      /^the ssh agent \/x could not be asked: why$/,
      'ws up --identity FILE',
    ],
    [
      'that may be locked',
      { kind: 'empty', name: 'the ssh agent /x', isUnlocked: false, isNamedByConfiguration: false },
      /or is locked$/,
      'ws up --identity FILE',
    ],
    [
      'that is empty though somebody named it',
      { kind: 'empty', name: 'the ssh agent /x', isUnlocked: true, isNamedByConfiguration: true },
      /holds no key$/,
      'ws up --identity FILE',
    ],
  ])('does not say how to make a key beside an agent %s', async (_what, agent, detail, suggestion) => {
    const findings = await examine({ identities: { look: async () => ({ identities: [], agent }) } });
    expect(findings.filter(({ verdict }) => verdict !== 'good')).toEqual([
      expect.objectContaining({ check: 'ssh agent', verdict: 'warning', detail: expect.stringMatching(detail) }),
      expect.objectContaining({ check: 'keys', verdict: 'warning', suggestion: saying(suggestion) }),
    ]);
  });

  it('throws only for Ctrl-C and for bugs', async () => {
    const broken = (error: Error) => ({
      releases: {
        getVersion: async () => {
          throw error;
        },
      },
    });
    await expect(examine(broken(interrupted()))).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(examine(broken(new TypeError('bug')))).rejects.toThrow('bug');
  });
});
