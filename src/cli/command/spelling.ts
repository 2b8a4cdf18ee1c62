import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Situation, type Spell, spell } from '../../workspace/errors/spell.ts';
import type { TypedCommand } from '../../workspace/errors/typed-command.ts';
import type { Binding } from '../../workspace/naming/binding.ts';
import type { Place } from '../../workspace/place.ts';
import { homeFolder, shownHome } from '../terminal/machine.ts';
import { readOutput } from '../terminal/terminal.ts';

/** Where a command is, and what it is about: some of it is known only on the way. */
export interface Here {
  readonly place: Partial<Place>;
  readonly workspace?: string | undefined;
  readonly typed?: TypedCommand | undefined;
  /** The directory's, where it has a part in the place. */
  readonly binding?: Binding | undefined;
}

/**
 * Where suggestions have to lead from here: to this place, and to the workspace that the command was about. What the
 * environment and the directory say holds for the next command, too.
 */
export function toSituation({ place, workspace, typed, binding }: Here): Situation {
  const { WS_CONTEXT, WS_NAMESPACE } = process.env;
  const inherited = {
    context: WS_CONTEXT ?? binding?.context,
    namespace: WS_NAMESPACE ?? binding?.namespace,
    kubeconfig: binding?.kubeconfig,
  };
  // Where only the input is none, a person still reads the line, and types it at the terminal.
  const isUnattended = readOutput().stderr.isTTY !== true;
  return { place, workspace, typed, inherited, isUnattended, findFree, home: shownHome() };
}

/** Nothing is ever proposed that overwrites a key: neither its half nor the other one may lie there. */
function findFree(inHome: string): string {
  const isFree = (name: string) => ['', '.pub'].every((end) => !existsSync(join(homeFolder(), `${name}${end}`)));
  let name = inHome;
  for (let count = 1; !isFree(name); count += 1) name = `${inHome}_ws${count === 1 ? '' : count}`;
  return name;
}

/** Spells by what is known when a suggestion is shown. */
export function spellFrom(here: Here): Spell {
  return (suggestion) => spell(suggestion, toSituation(here));
}

/** For callers that know nothing of the typed line. */
export function toSpell(place: Partial<Place>, workspace?: string): Spell {
  return spellFrom({ place, workspace });
}
