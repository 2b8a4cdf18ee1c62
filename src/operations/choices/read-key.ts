import { suggestKey } from '../../workspace/choices/options.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { run, ws } from '../../workspace/errors/suggestion.ts';
import { describeAgent } from '../../workspace/keys/agents.ts';
import { describeKey, type Identity } from '../../workspace/keys/keys.ts';
import type { World } from '../../workspace/world.ts';

/** The key that is named: by a file, or by the fingerprint of one that the agent holds. Throws `KEY_NOT_FOUND`. */
export async function readKey(name: string, world: World, signal: AbortSignal): Promise<Identity> {
  if (!name.startsWith('SHA256:')) return world.identities.read(name);
  const { identities, agent } = await world.identities.look(signal);
  const found = identities.find(({ fingerprint }) => fingerprint === name);
  if (found !== undefined) return found;
  const own = identities.map(describeKey);
  const seen = own.length === 0 ? 'There is none in ~/.ssh' : `There is: ${own.join(', ')}`;
  const { name: other, making } = suggestKey({ identities, newKeyPath: world.identities.findFreePath() });
  throw failure('KEY_NOT_FOUND', {
    message: `There is no key ${name} here`,
    reason: `${seen}; ${describeAgent(agent)}`,
    suggestions: [run('ssh-add')`-l`, ...making, ws`up --identity ${other}`],
  });
}
