import { failure, WorkspaceError, withOutcome } from '../../workspace/errors/errors.ts';
import { kubectl } from '../../workspace/errors/suggestion.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { World } from '../../workspace/world.ts';
import { forgetPins } from '../login/pins.ts';

/** How long a volume may take to be let go. */
const END_TIMEOUT_MS = 120_000;

/** What is to go for good. */
export interface DoomedHome {
  workspace: string;
  claim: string | undefined;
  /** Name of the Secret. */
  hostKey: string | undefined;
}

/** Deletes claim and host key and forgets the pin; returns the names of what went. Whoever calls has made sure that nobody else uses it. */
export async function* deleteHome(
  { workspace, claim, hostKey }: DoomedHome,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, string[], void> {
  yield { type: 'started', step: 'home' };
  const deleted: string[] = [];
  if (claim !== undefined) {
    await deleteClaim(claim, world, signal);
    deleted.push(claim);
    yield { type: 'advanced', step: 'home', fact: { kind: 'removed', what: 'claim', name: claim } };
  }
  if (hostKey !== undefined) {
    await deleteHostKey(hostKey, deleted, world, signal);
    deleted.push(hostKey);
  }
  await forgetPins({ workspace, namespace: world.cluster.namespace }, world, signal);
  const [name] = deleted;
  yield name === undefined
    ? { type: 'finished', step: 'home' }
    : {
        type: 'finished',
        step: 'home',
        fact: { kind: 'removed', what: claim === undefined ? 'host key' : 'home', name },
      };
  return deleted;
}

async function deleteHostKey(name: string, deleted: string[], world: World, signal: AbortSignal): Promise<void> {
  try {
    await world.cluster.deleteSecret(name, signal);
  } catch (error) {
    if (!(error instanceof WorkspaceError) || deleted.length === 0) throw error;
    throw withOutcome(error, `${deleted.join(', ')} is deleted; the host key and its pin are still there`);
  }
}

async function deleteClaim(name: string, world: World, signal: AbortSignal): Promise<void> {
  await world.cluster.deleteClaim(name, signal);
  const deadline = world.clock.nowMs() + END_TIMEOUT_MS;
  while ((await world.cluster.findClaim(name, signal)) !== undefined) {
    if (world.clock.nowMs() > deadline) {
      throw failure('HOME_IN_USE', {
        message: `Claim ${name} does not go away`,
        reason: 'A pod still uses it; Kubernetes deletes it when the last one ends',
        suggestions: [{ ...kubectl`describe pvc ${name}`, note: 'see "Used By"' }],
      });
    }
    await world.clock.sleep(500, signal);
  }
}
