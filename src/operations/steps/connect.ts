import { AUTHORIZED_KEYS_FILE } from '../../contract/paths.ts';
import { failure } from '../../workspace/errors.ts';
import type { ProgressEvent } from '../../workspace/events.ts';
import { chooseIdentities, parseAuthorizedBlobs } from '../../workspace/identities.ts';
import { type Identity, toFingerprint } from '../../workspace/keys.ts';
import type { SshConnection, SshTarget, World } from '../../workspace/world.ts';
import type { ReadyWorkspace } from './await-ready.ts';
import { pinHostKey } from './pin-host-key.ts';

export interface ConnectOptions {
  /** Path of the key to use, and no other. */
  identityPath: string | undefined;
  /** A changed host key with this fingerprint is accepted. */
  acceptHostKey: string | undefined;
  askPassphrase: SshTarget['askPassphrase'];
}

/**
 * From a ready pod to an SSH connection: the host key is pinned and the identity chosen while the byte pipe opens, and
 * no byte of SSH is sent before both are done.
 */
export async function* connect(
  ready: ReadyWorkspace,
  options: ConnectOptions,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, SshConnection, void> {
  const { snapshot, pod } = ready;
  const deployment = snapshot.deployment;
  if (deployment === undefined) throw failure('WORKSPACE_MISSING', { message: `Workspace ${snapshot.name} is gone` });
  yield { type: 'started', step: 'host-key' };
  const stream = world.cluster.openPodStream(pod.name, deployment.sshPort, signal);
  stream.catch(() => undefined);
  try {
    const [pinned, identities] = await Promise.all([
      pinHostKey(snapshot, world, signal, options.acceptHostKey),
      findIdentities(ready, options, world, signal),
    ]);
    const fingerprint = toFingerprint(pinned.hostKeys[0]?.blob ?? '');
    yield { type: 'finished', step: 'host-key', fact: { kind: 'host-key', fingerprint, change: pinned.change } };
    yield { type: 'started', step: 'connect' };
    const target: SshTarget = {
      openStream: () => stream,
      user: deployment.user,
      hostKeys: pinned.hostKeys,
      identities,
      askPassphrase: options.askPassphrase,
    };
    const connection = await world.connector.connect(target, signal);
    yield { type: 'finished', step: 'connect', fact: { kind: 'connected' } };
    return connection;
  } catch (error) {
    // The pipe may open after what failed: nobody else would close it.
    stream.then(
      (pipe) => pipe.destroy(),
      () => undefined,
    );
    throw error;
  }
}

async function findIdentities(
  ready: ReadyWorkspace,
  options: ConnectOptions,
  world: World,
  signal: AbortSignal,
): Promise<Identity[]> {
  if (options.identityPath !== undefined) return [await world.identities.read(options.identityPath)];
  const secretName = ready.snapshot.deployment?.authorizedKeysSecret ?? '';
  const [own, secret] = await Promise.all([
    world.identities.list(signal),
    // Whoever may not read Secrets can still log in: every key is offered then.
    world.cluster.findSecret(secretName, signal).catch(() => undefined),
  ]);
  const text = secret?.get(AUTHORIZED_KEYS_FILE)?.toString('utf8');
  const chosen = chooseIdentities(own, text === undefined ? undefined : parseAuthorizedBlobs(text));
  if (chosen.length > 0) return chosen;
  const { name } = ready.snapshot;
  throw failure('KEY_NOT_AUTHORIZED', {
    message: `None of your keys opens workspace ${name}`,
    reason:
      own.length === 0
        ? 'No key was found in the ssh agent or in ~/.ssh'
        : `You have: ${own.map((key) => `${key.comment || key.type} ${key.fingerprint}`).join('\n')}`,
    suggestions: [
      `ws ssh ${name} --identity FILE   (the private key)`,
      `ws keys add FILE.pub --workspace ${name}   (authorizes another one)`,
    ],
  });
}
