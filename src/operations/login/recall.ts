import type { PublicKey } from '../../contract/keys/public-key.ts';
import type { ByteStream } from '../../workspace/byte-stream.ts';
import { failure, hasCode } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { chooseIdentities } from '../../workspace/keys/identities.ts';
import { readAddress } from '../../workspace/naming/address.ts';
import type { RecentLogin } from '../../workspace/recent-login.ts';
import type { SshConnection, World } from '../../workspace/world.ts';
import { hasGreeting } from '../ready/greeting.ts';
import { type ConnectOptions, listIdentities } from './connect.ts';
import { openSshStream } from './open-ssh-stream.ts';

/**
 * How long a stream to a pod that is only remembered may take to open, before the cluster is asked where it is.
 * Credentials take as long as they need: a plugin may be waiting for its user, and would not be faster the second time.
 */
const OPEN_LIMIT_MS = 3000;

/** An earlier login, and the host keys pinned for it. */
export interface Recalled {
  login: RecentLogin;
  hostKeys: PublicKey[];
}

/** Undefined when nothing is remembered of the workspace or its user, or no host key is pinned. */
export async function recall(address: string, world: World): Promise<Recalled | undefined> {
  const { name, user } = readAddress(address);
  const login = await world.recent.find(name);
  if (user !== undefined && login?.endpoint.user !== user) return undefined;
  const hostKeys = login === undefined ? [] : await world.knownHosts.find(login.hostKeyAlias);
  return login === undefined || hostKeys.length === 0 ? undefined : { login, hostKeys };
}

/** A byte pipe to where the login was, in which a server's greeting waits; undefined when none is there any more. */
export async function openRecalled(
  { login }: Recalled,
  world: World,
  signal: AbortSignal,
  onAsked?: () => void,
): Promise<ByteStream | undefined> {
  try {
    const stream = await openSshStream(login.endpoint, world, signal, {
      openLimitMs: OPEN_LIMIT_MS,
      ...(onAsked === undefined ? {} : { onAsked }),
    });
    if (await hasGreeting(stream, signal)) return stream;
    stream.destroy();
    return undefined;
  } catch (error) {
    if (isFinal(error, signal)) throw error;
    return undefined;
  }
}

/**
 * Logs in as the last time without asking the cluster anything: the pinned host key proves that it is this workspace,
 * and a pod's name is never given twice. Undefined when that leads nowhere, for whatever reason: then the cluster says
 * more.
 */
export async function logInAgain(
  recalled: Recalled,
  options: ConnectOptions,
  world: World,
  signal: AbortSignal,
): Promise<SshConnection | undefined> {
  const { login, hostKeys } = recalled;
  const asked = Promise.withResolvers<void>();
  const opening = openRecalled(recalled, world, signal, asked.resolve);
  const drop = () =>
    opening.then(
      (stream) => stream?.destroy(),
      () => undefined,
    );
  opening.catch(() => undefined);
  let isAsking = false;
  try {
    const { identities: own } = await listIdentities(options, login.endpoint.workspace, world, signal);
    const known = own.filter(({ fingerprint }) => login.identities.includes(fingerprint));
    const identities = options.identityPath === undefined ? chooseIdentities(known, undefined) : own;
    if (identities.length === 0) {
      drop();
      return undefined;
    }
    // To load SSH and read the keys blocks this thread: not before the request is out, and not after its answer.
    await Promise.race([asked.promise, opening]);
    const { askPassphrase } = options;
    const target = {
      openStream: async () => (await opening) ?? Promise.reject(goneFrom(login.endpoint.pod)),
      user: login.endpoint.user,
      hostKeys,
      identities,
      askPassphrase:
        askPassphrase &&
        ((...words: Parameters<typeof askPassphrase>) => {
          isAsking = true;
          return askPassphrase(...words);
        }),
    };
    return await world.connector.connect(target, signal);
  } catch (error) {
    drop();
    // Nobody wants to be asked for the same passphrase twice.
    if (isAsking || isFinal(error, signal)) throw error;
    return undefined;
  }
}

function goneFrom(pod: string) {
  return failure('CONNECTION_FAILED', { message: `No SSH server answers in pod ${pod}`, suggestions: [ws`status`] });
}

/** Errors that asking the cluster would end in as well, or that the user caused on purpose. */
function isFinal(error: unknown, signal: AbortSignal): boolean {
  if (hasCode(error, 'INTERRUPTED')) return signal.aborted;
  return !hasCode(error, 'CONNECTION_FAILED', 'CONNECTION_LOST', 'HOST_KEY_CHANGED', 'KEY_NOT_AUTHORIZED');
}
