/** The parts of a world that a login needs: host key, keys, pod stream, connector. */

import type { PublicKey } from '../../../src/contract/keys/public-key.ts';
import { AUTHORIZED_KEYS_FILE, HOST_KEY_FILE } from '../../../src/contract/paths.ts';
import type { SshTarget } from '../../../src/workspace/world.ts';
import { makeConnection, makeHostKey, makeIdentity, makeStream } from './fake-world.ts';

export function reachable({ known = [] as PublicKey[] } = {}) {
  const { pem, hostKey, fingerprint } = makeHostKey();
  const identity = makeIdentity(1);
  const own = [makeIdentity(2), identity];
  const connection = makeConnection();
  const stream = makeStream();
  const pinned = new Map<string, PublicKey[]>();
  const targets: SshTarget[] = [];
  const secrets = new Map([
    ['ws-dev-host-key', new Map([[HOST_KEY_FILE, pem]])],
    ['ws-dev-authorized-keys', new Map([[AUTHORIZED_KEYS_FILE, Buffer.from(`ssh-ed25519 ${identity.blob} a\n`)]])],
  ]);
  return {
    hostKey,
    fingerprint,
    identity,
    connection,
    stream,
    pinned,
    targets,
    secrets,
    cluster: {
      findSecret: async (name: string) => secrets.get(name),
      findMarkedSecret: async () => undefined,
      getClusterId: async () => 'cluster-1',
      openPodStream: async () => stream,
    },
    knownHosts: {
      path: '/home/alice/.config/ws/known_hosts',
      find: async (alias: string) => pinned.get(alias) ?? known,
      pin: async (alias: string, keys: PublicKey[]) => {
        pinned.set(alias, keys);
        return 'kept' as const;
      },
    },
    identities: {
      look: async () => ({ identities: own, agent: { kind: 'none' } }),
      read: async (path: string) => own.find((key) => key.path === path),
      findFreePath: () => undefined,
    } as never,
    connector: {
      prepare: () => undefined,
      async connect(target: SshTarget, signal: AbortSignal) {
        targets.push(target);
        await target.openStream(signal);
        return connection;
      },
    },
  };
}

export const LOGIN = { identityPath: undefined, acceptHostKey: undefined, askPassphrase: undefined };
