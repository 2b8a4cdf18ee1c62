/** Asks the agent that OpenSSH would ask, and tells an agent without keys from one that could not be asked. */
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { advice, run } from '../../../workspace/errors/suggestion.ts';
import type { AgentState } from '../../../workspace/keys/agents.ts';
import { type AgentKey, isUnlocked, listAgentKeys } from './agent-client.ts';
import type { AgentChoice } from './ssh-settings.ts';

/** The agent's keys and its state. Never throws. */
export async function lookAtAgent(
  choice: AgentChoice,
  limitMs: number,
  signal: AbortSignal,
): Promise<{ keys: AgentKey[]; state: AgentState }> {
  if (choice.kind === 'none') return { keys: [], state: { kind: 'none' } };
  if (choice.kind === 'unknown') {
    const keys = choice.socket === undefined ? [] : await listAgentKeys(choice.socket, toLimit()).catch(() => []);
    return { keys, state: { kind: 'silent', name: 'the ssh agent', reason: choice.reason, remedy: UNKNOWN_REMEDY } };
  }
  const { socket, origin, isNamedByConfiguration, isOptional } = choice;
  const name = `the ssh agent ${socket} (${origin})`;
  try {
    const keys = await listAgentKeys(socket, toLimit());
    if (keys.length > 0) return { keys, state: { kind: 'answers', name, keys: keys.length } };
    const unlocked = await isUnlocked(socket, toLimit());
    return { keys, state: { kind: 'empty', name, isUnlocked: unlocked, isNamedByConfiguration } };
  } catch (error) {
    if (isOptional) return { keys: [], state: { kind: 'none' } };
    const remedy = isNamedByConfiguration ? CONFIGURED_REMEDY : ENVIRONMENT_REMEDY;
    return { keys: [], state: { kind: 'silent', name, reason: toAgentReason(error as NodeJS.ErrnoException), remedy } };
  }

  function toLimit(): AbortSignal {
    return AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  }
}

const UNKNOWN_REMEDY = [{ ...run('ssh')`-G ws-workspace`, note: 'shows what is wrong with ~/.ssh/config' }];
const CONFIGURED_REMEDY = [advice('Start or unlock the agent that IdentityAgent of ~/.ssh/config names')];
const ENVIRONMENT_REMEDY = [
  { ...run('ssh-agent')`bash`, note: 'starts an agent, and a shell that uses it' },
  { ...run('unset')`SSH_AUTH_SOCK`, note: 'if there is to be none' },
];

/** Why nobody answered, in words. */
function toAgentReason(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return 'there is no such socket';
    case 'ECONNREFUSED':
      return 'nobody listens there any more';
    case 'EACCES':
    case 'EPERM':
      return 'it may not be opened by this user';
    case 'ENOTSOCK':
    case 'ENOTDIR':
      return 'it is no socket';
    case 'ENAMETOOLONG':
      return 'its path is too long for a socket';
    default:
      return toReason(error, 'address');
  }
}
