import type { Operation } from '../workspace/state/events.ts';
import type { World } from '../workspace/world.ts';
import { bringInForce, type InForce } from './metrics/keys-in-force.ts';

/**
 * Waits until the server reads the keys as their Secret has them. It makes the kubelet bring them at once, if it may.
 * Throws `INTERRUPTED` alone.
 */
export async function* awaitKeys(workspace: string, world: World, signal: AbortSignal): Operation<InForce> {
  yield { type: 'planned', workspace, steps: ['keys'] };
  return yield* bringInForce(workspace, world, signal);
}
