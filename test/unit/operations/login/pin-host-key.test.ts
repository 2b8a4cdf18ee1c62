import { describe, expect, it } from 'vitest';
import { HOST_KEY_FILE } from '../../../../src/contract/paths.ts';
import { pinHostKey } from '../../../../src/operations/login/pin-host-key.ts';
import { status } from '../../../../src/operations/look/status.ts';
import { toHostKeySource } from '../../../../src/workspace/state/endpoint.ts';
import { saying } from '../../../spelling.ts';
import { keptHome, snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, makeHostKey, NEVER } from '../fake-world.ts';
import { reachable } from '../reachable.ts';

const place = toHostKeySource(snapshot());
const ALIAS = 'ws-dev.team.cluster-1';

describe('the host key', () => {
  it('is pinned the first time, from the Secret', async () => {
    const reach = reachable();
    const { world } = fakeWorld(reach);
    expect(await pinHostKey(place, world, NEVER)).toEqual({
      alias: ALIAS,
      hostKeys: [reach.hostKey],
      change: 'pinned',
    });
    expect(reach.pinned.get(ALIAS)).toEqual([reach.hostKey]);
  });

  it('is known afterwards, and nothing is written', async () => {
    const reach = reachable();
    reach.pinned.set(ALIAS, [reach.hostKey]);
    const { world, calls } = fakeWorld(reach);
    expect(await pinHostKey(place, world, NEVER)).toMatchObject({ change: 'known' });
    expect(calls).not.toContain('knownHosts.pin');
  });

  it('that changed is refused with both fingerprints and the way to accept it', async () => {
    const old = makeHostKey();
    const reach = reachable({ known: [old.hostKey] });
    const { world, calls } = fakeWorld(reach);
    const refused = await pinHostKey(place, world, NEVER).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'HOST_KEY_CHANGED',
      reason: expect.stringContaining(`${old.fingerprint}\nIn the cluster now: ${reach.fingerprint}`),
      suggestions: [saying(`ws up dev --accept-host-key ${reach.fingerprint.slice(0, 29)}`)],
    });
    expect(calls).not.toContain('knownHosts.pin');
  });

  it('that changed is replaced when just this fingerprint was accepted', async () => {
    const old = makeHostKey();
    const reach = reachable({ known: [old.hostKey] });
    const { world } = fakeWorld(reach);
    await expect(pinHostKey(place, world, NEVER, old.fingerprint)).rejects.toMatchObject({
      code: 'HOST_KEY_CHANGED',
    });
    expect(await pinHostKey(place, world, NEVER, reach.fingerprint)).toMatchObject({ change: 'replaced' });
    expect(reach.pinned.get(ALIAS)).toEqual([reach.hostKey]);
  });

  it.each([
    [29, 'replaced'],
    [28, 'refused'],
    ['SHA256:'.length, 'refused'],
    [0, 'refused'],
  ])('that changed, with the first %d characters of its fingerprint, is %s', async (length, expected) => {
    const reach = reachable({ known: [makeHostKey().hostKey] });
    const { world } = fakeWorld(reach);
    const pinning = pinHostKey(place, world, NEVER, reach.fingerprint.slice(0, length));
    expect(await pinning.then(({ change }) => change).catch(() => 'refused')).toBe(expected);
  });

  it('that is missing or damaged is the workspace’s trouble, not a bug of ws', async () => {
    const reach = reachable();
    const { world } = fakeWorld(reach);
    reach.secrets.set('ws-dev-host-key', new Map([[HOST_KEY_FILE, Buffer.from('garbage')]]));
    await expect(pinHostKey(place, world, NEVER)).rejects.toMatchObject({
      code: 'HOST_KEY_MISSING',
      reason: expect.stringMatching(/ws-dev-host-key: the host key is in no known form/),
    });
    reach.secrets.delete('ws-dev-host-key');
    await expect(pinHostKey(place, world, NEVER)).rejects.toMatchObject({
      code: 'HOST_KEY_MISSING',
      reason: 'Secret ws-dev-host-key has no entry ssh_host_key',
    });
  });
});

describe('ws status', () => {
  const statusOf = (found: ReturnType<typeof snapshot>, reach = reachable()) => {
    const { world } = fakeWorld({ ...reach, cluster: { ...reach.cluster, findWorkspace: async () => found } });
    return status('dev', world, NEVER);
  };

  it('shows the fingerprint to compare, the Service and the newest warnings', async () => {
    const reach = reachable();
    const warning = (index: number) =>
      ({ type: 'Warning', reason: `W${index}`, message: '', object: 'Pod/x', at: '' }) as const;
    const events = [0, 1, 2, 3, 4, 5, 6].map(warning);
    // The hook only waits: its failure says nothing but that the container ended.
    const hook = { ...warning(7), reason: 'FailedPostStartHook' };
    expect(await statusOf(snapshot({ events: [...events, hook] }), reach)).toMatchObject({
      hostKeyFingerprint: reach.fingerprint,
      service: 'ws-dev:22 (ClusterIP)',
      warnings: events.slice(2),
    });
  });

  it('shows the rest when the host key is damaged or may not be read, and of a kept home', async () => {
    const reach = reachable();
    reach.secrets.set('ws-dev-host-key', new Map([[HOST_KEY_FILE, Buffer.from('garbage')]]));
    expect(await statusOf(snapshot(), reach)).toMatchObject({ name: 'dev', hostKeyFingerprint: undefined });
    expect(await statusOf(keptHome())).toMatchObject({ state: 'kept-home', service: undefined });
  });
});
