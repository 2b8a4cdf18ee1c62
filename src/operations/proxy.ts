import type { ByteStream } from '../workspace/byte-stream.ts';
import { hasCode } from '../workspace/errors/errors.ts';
import type { Waking } from '../workspace/sleep/waking.ts';
import { type ProgressEvent, runToEnd } from '../workspace/state/events.ts';
import type { World } from '../workspace/world.ts';
import { awaitWayBack, mayComeBack } from './login/await-way-back.ts';
import { explainLoss } from './login/explain-loss.ts';
import { findEndpoint } from './login/find-endpoint.ts';
import { openSshStream } from './login/open-ssh-stream.ts';
import { pinHostKey, verifyHostKey } from './login/pin-host-key.ts';
import { openRecalled, recall } from './login/recall.ts';

export interface ProxyOptions {
  /** Undefined: the only one there is. */
  workspace: string | undefined;
  waitTimeoutMs: number;
  waking: Waking;
}

/**
 * Raw bytes to a workspace's SSH server, for OpenSSH's ProxyCommand, which compares the host key with the pinned one.
 * It is pinned before, or was pinned the last time: then a key that has changed since breaks the stream with
 * `HOST_KEY_CHANGED`.
 */
export async function openProxy(
  { workspace: address, ...finding }: ProxyOptions,
  world: World,
  signal: AbortSignal,
  tell?: (event: ProgressEvent) => void,
): Promise<ByteStream> {
  const again = address === undefined ? undefined : await openAgain(address, world, signal);
  if (again !== undefined) return again;
  const { endpoint, stream: early } = await runToEnd(findEndpoint(address, finding, world, signal), tell);
  const open = () =>
    openSshStream(endpoint, world, signal)
      .catch((error: unknown) => {
        if (!mayComeBack(error)) throw error;
        return runToEnd(awaitWayBack(endpoint, error, world, signal), tell);
      })
      .catch(async (error: unknown) => {
        throw await explainLoss(error, endpoint.workspace, world, signal);
      });
  const pinning = pinHostKey(endpoint, world, signal).catch((error: unknown) => {
    early?.destroy();
    throw error;
  });
  const [stream, { alias }] = await Promise.all([early ?? open(), pinning]);
  await world.recent.keep({ endpoint, hostKeyAlias: alias, identities: [] });
  return stream;
}

async function openAgain(address: string, world: World, signal: AbortSignal): Promise<ByteStream | undefined> {
  const recalled = await recall(address, world);
  if (recalled === undefined) return undefined;
  const stream = await openRecalled(recalled, world, signal);
  if (stream === undefined) return undefined;
  verifyHostKey(recalled.login, world, signal).catch((error: Error) => {
    if (hasCode(error, 'HOST_KEY_CHANGED')) stream.destroy(error);
  });
  return stream;
}
