import { suggestKey } from '../../workspace/choices/options.ts';
import { amended, failure, hasCode } from '../../workspace/errors/errors.ts';
import { type Command, run, ws } from '../../workspace/errors/suggestion.ts';
import { describeAgent } from '../../workspace/keys/agents.ts';
import { describeKey, type Identity } from '../../workspace/keys/keys.ts';
import type { World } from '../../workspace/world.ts';

/** `ws up` with another key than the named one. */
const takeForUp = (key: string): Command => ws`up --identity ${key}`;

/**
 * The key that is named: by a file, or by the fingerprint of one that the agent holds. Throws `KEY_NOT_FOUND`, with the
 * line that takes a key that is here, or that is made by the line before it.
 */
export async function readKey(name: string, world: World, signal: AbortSignal, take = takeForUp): Promise<Identity> {
  if (!name.startsWith('SHA256:')) return readKeyFile(name, world, signal, take);
  const { identities, agent } = await world.identities.look(signal);
  const found = identities.find(({ fingerprint }) => fingerprint === name);
  if (found !== undefined) return found;
  const own = identities.map(describeKey);
  const seen = own.length === 0 ? `There is none in ${world.identities.folder}` : `There is: ${own.join(', ')}`;
  throw failure('KEY_NOT_FOUND', {
    message: `There is no key ${name} here`,
    reason: `${seen}; ${describeAgent(agent)}`,
    suggestions: [...suggestOther(identities, world, take), run('ssh-add')`-l`],
  });
}

async function readKeyFile(name: string, world: World, signal: AbortSignal, take: typeof takeForUp): Promise<Identity> {
  try {
    return await world.identities.read(name);
  } catch (error) {
    if (!hasCode(error, 'KEY_NOT_FOUND')) throw error;
    const { identities } = await world.identities.look(signal);
    throw amended(error, { suggestions: suggestOther(identities, world, take) });
  }
}

function suggestOther(identities: Identity[], world: World, take: typeof takeForUp): Command[] {
  const { name, making } = suggestKey({ identities, newKeyPath: world.identities.findFreePath() });
  return [...making, take(name)];
}
