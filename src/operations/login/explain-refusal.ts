import { AUTHORIZED_KEYS_FILE } from '../../contract/paths.ts';
import { failure, hasCode, WorkspaceError } from '../../workspace/errors/errors.ts';
import { type Command, ws } from '../../workspace/errors/suggestion.ts';
import { listAuthorizedBlobs } from '../../workspace/keys/identities.ts';
import { describeKey, type Identity } from '../../workspace/keys/keys.ts';
import { withKeysOwner } from '../../workspace/keys/keys-owner.ts';
import { describeKeysFault, describeNoKey } from '../../workspace/keys/secret-keys.ts';
import type { Endpoint } from '../../workspace/state/endpoint.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/** The kubelet brings a changed Secret within 90 seconds; other clocks are never quite ours. */
const NOTICED_WITHIN_MS = 120_000;

/**
 * The error of a login for which no key is authorized, with what helps where `ws keys add` would be refused: a look at
 * the Secret's marks tells. Whoever may not look hears the error as it is.
 */
export async function withOwner(
  error: WorkspaceError,
  { workspace, authorizedKeysSecret: name }: Pick<Endpoint, 'workspace' | 'authorizedKeysSecret'>,
  world: World,
  signal: AbortSignal,
): Promise<WorkspaceError> {
  if (name === undefined) return error;
  const secret = await world.cluster.findMarkedSecret(name, signal).catch(() => undefined);
  return secret === undefined ? error : withKeysOwner(error, { workspace, name, secret });
}

/** Somebody wrote into the Secret what no server reads, or left the entry out. */
export function unusable(workspace: string, fault: string, making: Command[] = []): WorkspaceError {
  return failure('KEY_NOT_AUTHORIZED', {
    message: `Workspace ${workspace} has no authorized key that can be read`,
    reason: fault,
    suggestions: [
      ...(making.length > 0 ? making : [{ ...ws`keys add FILE.pub`, workspace, note: 'authorizes one' }]),
      { ...ws`keys ls`, workspace },
    ],
    cause: Object.assign(new Error('no key can be read'), { code: 'AUTHORIZED_KEYS_UNUSABLE' }),
  });
}

/**
 * Throws the error, or what is so: a key that the server refused may be authorized already, and to authorize it again
 * helps nobody.
 */
export async function explainRefusal(
  error: unknown,
  { endpoint, identities }: { endpoint: Endpoint; identities: Identity[] },
  world: World,
  signal: AbortSignal,
): Promise<never> {
  const { workspace, authorizedKeysSecret } = endpoint;
  if (!hasCode(error, 'KEY_NOT_AUTHORIZED') || authorizedKeysSecret === undefined) throw error;
  // A user who may not read Secrets hears what the server said.
  const secret = await world.cluster.findMarkedSecret(authorizedKeysSecret, signal).catch(() => undefined);
  const blobs = listAuthorizedBlobs(secret?.data.get(AUTHORIZED_KEYS_FILE)?.toString('utf8') ?? '');
  const known = identities.find(({ blob }) => blobs.has(blob));
  if (known === undefined) {
    if (secret === undefined) throw error;
    const fault = describeKeysFault(authorizedKeysSecret, secret.data);
    const what = fault === undefined ? error : unusable(workspace, fault);
    throw withKeysOwner(what, { workspace, name: authorizedKeysSecret, secret });
  }
  const what = describeKey(known);
  const sinceMs = world.clock.nowMs() - Date.parse(secret?.changedAt ?? '');
  if (sinceMs < NOTICED_WITHIN_MS) {
    const seconds = Math.max(0, Math.round(sinceMs / 1000));
    throw failure('KEY_NOT_AUTHORIZED', {
      message: `This key has been authorized for ${seconds} s, and workspace ${workspace} has not noticed yet`,
      reason: `${what}: a workspace notices within 90 seconds`,
      suggestions: [{ ...ws`ssh`, workspace, note: 'again, in a moment' }],
      cause: error,
    });
  }
  throw failure('KEY_NOT_AUTHORIZED', {
    message: `This key is authorized, and workspace ${workspace} refuses it all the same`,
    reason: `${what}: its log says how it reads the keys`,
    suggestions: [
      { ...ws`logs`, workspace },
      { ...ws`keys ls`, workspace },
    ],
    cause: error,
  });
}

/**
 * Why a workspace that is ready lets nobody in, as a login would say it: its Secret has no key that opens it. Undefined
 * where one does, and where nobody can say, because the Secret may not be read or does not come.
 */
export async function explainClosed(
  { name: workspace, deployment, pod }: WorkspaceSnapshot,
  { cluster }: { cluster: Pick<World['cluster'], 'findMarkedSecret'> },
  signal: AbortSignal,
): Promise<WorkspaceError | undefined> {
  const name = deployment?.authorizedKeysSecret;
  // What is not ready has nearer causes, and its keys may be changed before anybody logs in.
  if (name === undefined || deployment?.damage !== undefined || pod?.ready !== true) return undefined;
  try {
    const secret = await cluster.findMarkedSecret(name, signal);
    const fault = secret && describeNoKey(name, secret.data);
    return fault && secret ? withKeysOwner(unusable(workspace, fault), { workspace, name, secret }) : undefined;
  } catch (error) {
    if (error instanceof WorkspaceError) return undefined;
    throw error;
  }
}
