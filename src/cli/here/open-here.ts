import { hasCode } from '../../workspace/errors/errors.ts';
import type { Place } from '../../workspace/place.ts';
import type { World } from '../../workspace/world.ts';
import { openWorld } from '../wiring/world.ts';

/**
 * The world of a place, for a command that can do without one. Undefined where this machine knows no cluster and nobody
 * named one; a wrong place is still an error.
 */
export async function findWorld(place: Place): Promise<World | undefined> {
  try {
    return await openWorld(place);
  } catch (error) {
    const isUnnamed = place.context === undefined && place.kubeconfig === undefined;
    if (isUnnamed && hasCode(error, 'KUBECONFIG_MISSING', 'CONTEXT_UNKNOWN')) return undefined;
    throw error;
  }
}
