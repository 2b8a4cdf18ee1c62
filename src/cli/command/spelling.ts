import { type Situation, type Spell, spell } from '../../workspace/errors/spell.ts';
import type { Place } from '../../workspace/place.ts';

/** What led here: the place, and the workspace that the command was about. */
export interface PlaceFlags extends Partial<Place> {
  workspace?: string | undefined;
}

/** Where suggestions have to lead from here. What the environment says holds for the next command, too. */
export function toSituation({ workspace, ...place }: PlaceFlags): Situation {
  const { WS_CONTEXT, WS_NAMESPACE } = process.env;
  return { place, workspace, inherited: { context: WS_CONTEXT, namespace: WS_NAMESPACE } };
}

export function toSpell(flags: PlaceFlags): Spell {
  return (suggestion) => spell(suggestion, toSituation(flags));
}
