import { type Situation, type Spell, spell } from '../../workspace/errors/spell.ts';
import type { Place } from '../../workspace/place.ts';

/**
 * Where suggestions have to lead from here: to this place, and to the workspace that the command was about. What the
 * environment says holds for the next command, too.
 */
export function toSituation(place: Partial<Place>, workspace: string | undefined): Situation {
  const { WS_CONTEXT, WS_NAMESPACE } = process.env;
  return { place, workspace, inherited: { context: WS_CONTEXT, namespace: WS_NAMESPACE } };
}

export function toSpell(place: Partial<Place>, workspace?: string): Spell {
  return (suggestion) => spell(suggestion, toSituation(place, workspace));
}
