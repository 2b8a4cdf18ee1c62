import type { Duplex } from 'node:stream';
import { AUTHORIZED_KEYS_FILE } from '../../contract/paths.ts';
import type { ByteStream } from '../../workspace/byte-stream.ts';
import { failure, hasCode } from '../../workspace/errors/errors.ts';
import { again, type Command, run, ws } from '../../workspace/errors/suggestion.ts';
import { type AgentState, describeAgent, findReasonForNoNewKey } from '../../workspace/keys/agents.ts';
import { chooseIdentities, listAuthorizedBlobs } from '../../workspace/keys/identities.ts';
import { describeKey, type Identity, toFingerprint } from '../../workspace/keys/keys.ts';
import { describeKeysFault } from '../../workspace/keys/secret-keys.ts';
import type { Endpoint } from '../../workspace/state/endpoint.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { SshConnection, SshTarget, World } from '../../workspace/world.ts';
import { awaitWayBack, mayComeBack } from './await-way-back.ts';
import { explainRefusal, unusable, withOwner } from './explain-refusal.ts';
import { openSshStream } from './open-ssh-stream.ts';
import { type PinnedHostKey, pinHostKey } from './pin-host-key.ts';

export interface ConnectOptions {
  /** Path of the key to use, and no other. */
  identityPath: string | undefined;
  /** A changed host key with this fingerprint is accepted. */
  acceptHostKey: string | undefined;
  askPassphrase: SshTarget['askPassphrase'];
}

/** What a login needs besides a stream to the server. An error surfaces where the result is used. */
export interface LoginMeans {
  pinned: Promise<PinnedHostKey>;
  identities: Promise<Identity[]>;
}

/** A login to a pod whose server runs. */
export interface Login {
  endpoint: Endpoint;
  options: ConnectOptions;
  /** The parts that we have already. */
  given?: { stream?: Duplex | undefined; means?: LoginMeans | undefined };
}

/**
 * Pins the host key and chooses the identities, which both are known before the server is there. What is asked is asked
 * in turn: a connection that is open answers all of it before another one would have been opened.
 */
export function getLoginMeans(
  endpoint: Endpoint,
  options: ConnectOptions,
  world: World,
  signal: AbortSignal,
): LoginMeans {
  const own = listIdentities(options, endpoint.workspace, world, signal);
  const pinned = pinHostKey(endpoint, world, signal, options.acceptHostKey);
  const identities = pinned.then(async () => getAuthorized(await own, endpoint, options, world, signal));
  for (const part of [own, pinned, identities]) part.catch(() => undefined);
  return { pinned, identities };
}

/**
 * From a pod that serves to an SSH connection, with what is given and over a stream of its own where none is: the host
 * key is pinned and the identity chosen while the byte pipe opens, and no byte of SSH is sent before both are done.
 */
export async function* connect(
  { endpoint, options, given = {} }: Login,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, SshConnection, void> {
  yield { type: 'started', step: 'host-key' };
  const stream = given.stream === undefined ? openSshStream(endpoint, world, signal) : Promise.resolve(given.stream);
  stream.catch(() => undefined);
  try {
    const means = given.means ?? getLoginMeans(endpoint, options, world, signal);
    const pinned = await means.pinned;
    const fingerprint = toFingerprint(pinned.hostKeys[0]?.blob ?? '');
    yield { type: 'finished', step: 'host-key', fact: { kind: 'host-key', fingerprint, change: pinned.change } };
    yield { type: 'started', step: 'connect' };
    const identities = await means.identities;
    const target: SshTarget = {
      openStream: () => stream,
      user: endpoint.user,
      hostKeys: pinned.hostKeys,
      identities,
      askPassphrase: options.askPassphrase,
    };
    const connection = yield* connectOrWait(target, endpoint, world, signal);
    const login = {
      endpoint,
      hostKeyAlias: pinned.alias,
      identities: identities.map((identity) => identity.fingerprint),
    };
    await world.recent.keep(login);
    yield { type: 'finished', step: 'connect', fact: { kind: 'connected' } };
    return connection;
  } catch (error) {
    // The pipe may open after the failure, and nobody else would close it.
    stream.then(
      (pipe) => pipe.destroy(),
      () => undefined,
    );
    throw error;
  }
}

/** Waits for a way to the pod that is closed for a moment, once. */
async function* connectOrWait(
  target: SshTarget,
  endpoint: Endpoint,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, SshConnection, void> {
  const explain = (error: unknown) => explainRefusal(error, { endpoint, identities: target.identities }, world, signal);
  let stream: ByteStream;
  try {
    return await world.connector.connect(target, signal);
  } catch (error) {
    if (!mayComeBack(error)) return explain(error);
    stream = yield* awaitWayBack(endpoint, error, world, signal);
  }
  return await world.connector.connect({ ...target, openStream: async () => stream }, signal).catch(explain);
}

/** The key that was named alone, or all of the user's, and what became of asking the agent for them. */
export async function listIdentities(
  { identityPath }: Pick<ConnectOptions, 'identityPath'>,
  workspace: string | undefined,
  world: World,
  signal: AbortSignal,
): Promise<{ identities: Identity[]; agent: AgentState }> {
  if (identityPath === undefined) return world.identities.look(signal, workspace);
  return { identities: [await world.identities.read(identityPath)], agent: { kind: 'none' } };
}

/** Offers a named key as it is. */
async function getAuthorized(
  { identities: own, agent }: { identities: Identity[]; agent: AgentState },
  endpoint: Endpoint,
  options: ConnectOptions,
  world: World,
  signal: AbortSignal,
): Promise<Identity[]> {
  const { workspace, authorizedKeysSecret } = endpoint;
  if (options.identityPath !== undefined) return own;
  // A user who may not read Secrets can still log in: offer every key then.
  const found = authorizedKeysSecret === undefined ? undefined : world.cluster.findSecret(authorizedKeysSecret, signal);
  const secret = await found?.catch((error: unknown) => {
    if (hasCode(error, 'NOT_PERMITTED')) return undefined;
    throw error;
  });
  const text = secret?.get(AUTHORIZED_KEYS_FILE)?.toString('utf8') ?? '';
  const chosen = chooseIdentities(own, secret === undefined ? undefined : listAuthorizedBlobs(text));
  if (chosen.length > 0) return chosen;
  const isKeyless = own.length === 0 && findReasonForNoNewKey(agent) === undefined;
  const making = isKeyless ? suggestAddingNew(workspace, world) : [];
  const fault = secret && describeKeysFault(authorizedKeysSecret ?? '', secret);
  if (fault !== undefined) throw await withOwner(unusable(workspace, fault, making), endpoint, world, signal);
  const seen =
    own.length === 0
      ? `No key was found in ${world.identities.folder}; ${describeAgent(agent)}`
      : `You have: ${own.map(describeKey).join('\n')}`;
  const none = failure('KEY_NOT_AUTHORIZED', {
    message: `None of your keys opens workspace ${workspace}`,
    reason: own.length > 0 && agent.kind === 'silent' ? `${seen}\nBesides, ${describeAgent(agent)}` : seen,
    suggestions: [
      ...(agent.kind === 'silent' ? agent.remedy : []),
      ...making,
      again({ ...ws`ssh --identity FILE`, workspace, note: 'the private key' }),
      ...(isKeyless ? [] : [{ ...ws`keys add FILE.pub`, workspace, note: 'authorizes another one' }]),
    ],
  });
  throw await withOwner(none, endpoint, world, signal);
}

/** Whoever has no key makes one first. To authorize it takes rights in the cluster, and no key. */
function suggestAddingNew(workspace: string, { identities }: World): Command[] {
  const path = identities.findFreePath();
  const note = 'authorizes it, here or on a machine that can log in';
  if (path === undefined) return [{ ...ws`keys add FILE.pub`, workspace, note }];
  return [
    { ...run('ssh-keygen')`-t ed25519 -f ${path}`, note: 'makes a key: none was found here' },
    { ...ws`keys add ${path}.pub`, workspace, note },
  ];
}
