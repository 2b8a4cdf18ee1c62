import { type Situation, type Spell, spell } from '../../workspace/errors/spell.ts';
import type { Place } from '../../workspace/place.ts';

/** The current command's place and workspace. */
export interface PlaceFlags extends Partial<Place> {
  workspace?: string | undefined;
}

/** The situation for suggestions. The next command reads the same environment. */
export function toSituation({ workspace, ...place }: PlaceFlags): Situation {
  const { WS_CONTEXT, WS_NAMESPACE } = process.env;
  return { place, workspace, inherited: { context: WS_CONTEXT, namespace: WS_NAMESPACE } };
}

export function toSpell(flags: PlaceFlags): Spell {
  return (suggestion) => spell(suggestion, toSituation(flags));
}
