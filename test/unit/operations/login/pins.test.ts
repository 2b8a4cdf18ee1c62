import { describe, expect, it } from 'vitest';
import { pinHostKey, verifyPinnable } from '../../../../src/operations/login/pin-host-key.ts';
import { forgetPins } from '../../../../src/operations/login/pins.ts';
import type { ApiTrust, FormerClusterId } from '../../../../src/workspace/api-trust.ts';
import { findKeys, findNames, replaceKeys } from '../../../../src/workspace/ssh-config/known-hosts-file.ts';
import { toHostKeySource } from '../../../../src/workspace/state/endpoint.ts';
import { saying } from '../../../spelling.ts';
import { snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, NEVER } from '../fake-world.ts';
import { reachable } from '../reachable.ts';

const place = toHostKeySource(snapshot());
const ADDRESS = '127.0.0.1:6443';
const VERIFIED: ApiTrust = { kind: 'authority', from: 'the kubeconfig', serverName: 'api.test' };
const SKIPPED: ApiTrust = { kind: 'none', reason: 'skipped' };
const PLAIN: ApiTrust = { kind: 'none', reason: 'no-tls' };

/**
 * One machine with its known_hosts, from which clusters are reached, each under what may be read of it at the moment.
 */
function machine() {
  let text = '';
  return {
    get text() {
      return text;
    },
    set text(value: string) {
      text = value;
    },
    world(reach: ReturnType<typeof reachable>, ids: string[], trust: ApiTrust = VERIFIED) {
      const [best = '', ...others] = ids;
      const former: FormerClusterId[] = others.map((id) => ({ id, isUnique: id !== ADDRESS }));
      return fakeWorld({
        ...reach,
        knownHosts: {
          path: '/known_hosts',
          find: async (alias) => findKeys(text, alias),
          findNames: async (key) => findNames(text, key),
          pin: async (alias, keys) => {
            text = replaceKeys(text, alias, keys);
            return 'kept';
          },
          forget: async (alias) => void (text = replaceKeys(text, alias, [])),
        },
        cluster: { ...reach.cluster, trust, getClusterId: async () => best, listFormerClusterIds: async () => former },
      }).world;
    },
  };
}

/** What `ws` 0.1 left where kube-system may not be read. */
const pinnedBefore = (reach: ReturnType<typeof reachable>) =>
  `ws-dev.team.${ADDRESS} ${reach.hostKey.type} ${reach.hostKey.blob}\n`;

describe('a pin', () => {
  it('that was made under the address holds: nobody is told anything, and it stands under the better names as well', async () => {
    const [here, reach] = [machine(), reachable()];
    here.text = pinnedBefore(reach);
    const world = here.world(reach, ['uid-1', 'ns-1', 'at-1', ADDRESS]);
    expect(await pinHostKey(place, world, NEVER)).toMatchObject({ change: 'known', alias: 'ws-dev.team.uid-1' });
    for (const id of ['uid-1', 'ns-1', 'at-1', ADDRESS])
      expect(findKeys(here.text, `ws-dev.team.${id}`), id).toEqual([reach.hostKey]);
  });

  it('that was made under the address does not give way to another key without a word', async () => {
    const [here, before, now] = [machine(), reachable(), reachable()];
    here.text = pinnedBefore(before);
    const world = here.world(now, ['uid-1', 'ns-1', ADDRESS]);
    await expect(pinHostKey(place, world, NEVER)).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED' });
    expect(here.text).toBe(pinnedBefore(before));
    expect(await pinHostKey(place, world, NEVER, now.fingerprint)).toMatchObject({ change: 'replaced' });
    expect(await pinHostKey(place, world, NEVER)).toMatchObject({ change: 'known' });
  });

  it('of another cluster at the same address is not this one’s, once that one has a name of its own', async () => {
    const [here, one, other] = [machine(), reachable(), reachable()];
    here.text = pinnedBefore(one);
    const ids = (name: string) => [`uid-${name}`, `ns-${name}`, `at-${name}`, ADDRESS];
    await pinHostKey(place, here.world(one, ids('1')), NEVER);
    const world = here.world(other, ids('2'));
    expect(await pinHostKey(place, world, NEVER)).toMatchObject({ change: 'pinned' });
    expect(findKeys(here.text, `ws-dev.team.${ADDRESS}`)).toEqual([one.hostKey]);
    await forgetPins(place, world, NEVER);
    expect(await pinHostKey(place, here.world(one, ids('1')), NEVER)).toMatchObject({ change: 'known' });
  });

  // Every way in which a right may come or go between two logins.
  const rights = [['uid', 'ns', 'at'], ['uid', 'at'], ['ns', 'at'], ['at']];
  const changes = rights.flatMap((before) => rights.map((after) => [before.join(), after.join()] as const));
  it.each(changes)('made with %s is found with %s, and holds', async (before, after) => {
    const [here, reach, forged] = [machine(), reachable(), reachable()];
    await pinHostKey(place, here.world(reach, [...before.split(','), ADDRESS]), NEVER);
    const ids = [...after.split(','), ADDRESS];
    await expect(pinHostKey(place, here.world(forged, ids), NEVER)).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED' });
    expect(await pinHostKey(place, here.world(reach, ids), NEVER)).toMatchObject({ change: 'known' });
  });

  it('that is forgotten is forgotten under every name', async () => {
    const [here, reach, next] = [machine(), reachable(), reachable()];
    here.text = pinnedBefore(reach);
    const ids = ['uid-1', 'ns-1', 'at-1', ADDRESS];
    await pinHostKey(place, here.world(reach, ids), NEVER);
    await forgetPins(place, here.world(reach, ids), NEVER);
    expect(here.text).toBe('');
    expect(await pinHostKey(place, here.world(next, ids), NEVER)).toMatchObject({ change: 'pinned' });
  });
});

describe('a host key that came over an unverified connection', () => {
  it.each([SKIPPED, PLAIN])('is not pinned: %o', async (trust) => {
    const [here, reach] = [machine(), reachable()];
    const world = here.world(reach, ['uid-1', ADDRESS], trust);
    await expect(pinHostKey(place, world, NEVER)).rejects.toMatchObject({
      code: 'HOST_KEY_UNVERIFIED',
      reason: expect.stringContaining(reach.fingerprint),
      suggestions: expect.arrayContaining([saying(`ws up dev --accept-host-key ${reach.fingerprint.slice(0, 29)}`)]),
    });
    await expect(pinHostKey(place, world, NEVER, 'SHA256:other')).rejects.toMatchObject({
      code: 'HOST_KEY_UNVERIFIED',
    });
    expect(here.text).toBe('');
  });

  it.each(['the fingerprint', 'unverified'])(
    'is pinned when it is asked for by %s, and known from then on',
    async (how) => {
      const [here, reach] = [machine(), reachable()];
      const world = here.world(reach, ['uid-1', ADDRESS], SKIPPED);
      const accept = how === 'unverified' ? how : reach.fingerprint;
      expect(await pinHostKey(place, world, NEVER, accept)).toMatchObject({ change: 'pinned' });
      expect(await pinHostKey(place, world, NEVER)).toMatchObject({ change: 'known' });
    },
  );

  it('and is another one than the pinned is refused, whatever was said of unverified ones', async () => {
    const [here, reach, forged] = [machine(), reachable(), reachable()];
    await pinHostKey(place, here.world(reach, ['uid-1', ADDRESS]), NEVER);
    const world = here.world(forged, ['uid-1', ADDRESS], SKIPPED);
    await expect(pinHostKey(place, world, NEVER, 'unverified')).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED' });
  });

  it('is told before a workspace is made that nobody could log in to', async () => {
    const [here, reach] = [machine(), reachable()];
    const ask = (trust: ApiTrust, accept?: string) =>
      verifyPinnable('dev', here.world(reach, ['uid-1', ADDRESS], trust), NEVER, accept);
    await expect(ask(SKIPPED)).rejects.toMatchObject({ code: 'HOST_KEY_UNVERIFIED' });
    await ask(SKIPPED, 'unverified');
    await ask(VERIFIED);
    await pinHostKey(place, here.world(reach, ['uid-1', ADDRESS]), NEVER);
    await ask(SKIPPED);
  });
});
