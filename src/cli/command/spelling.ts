import { type Situation, type Spell, spell } from '../../workspace/errors/spell.ts';
import type { Place } from '../../workspace/place.ts';

/**
 * Where suggestions have to lead from here: to this place, and to the workspace that the command was about. What the
 * environment says holds for the next command, too.
 */
export function toSituation(
  place: Partial<Place>,
  workspace: string | undefined,
  amend?: Situation['amend'],
): Situation {
  const { WS_CONTEXT, WS_NAMESPACE } = process.env;
  return { place, workspace, inherited: { context: WS_CONTEXT, namespace: WS_NAMESPACE }, amend };
}

export function toSpell(place: Partial<Place>, workspace?: string, amend?: Situation['amend']): Spell {
  return (suggestion) => spell(suggestion, toSituation(place, workspace, amend));
}
