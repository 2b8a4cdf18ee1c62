/** What looking for the user's SSH agent came to. "There is no key" and "nobody could look" are different answers. */

import type { Suggestion } from '../errors/suggestion.ts';

export type AgentState =
  /** No agent is configured. */
  | { kind: 'none' }
  | { kind: 'answers'; name: string; keys: number }
  /** It answers and lists nothing. `isUnlocked` is known of OpenSSH's alone: a locked agent lists nothing, too. */
  | { kind: 'empty'; name: string; isUnlocked: boolean; isNamedByConfiguration: boolean }
  /** One is configured and could not be asked, or it cannot be known which one is. */
  | { kind: 'silent'; name: string; reason: string; remedy: Suggestion[] };

/** What the agent says, for a list of what was looked at. */
export function describeAgent(state: AgentState): string {
  switch (state.kind) {
    case 'none':
      return 'no ssh agent is configured';
    case 'answers':
      return `${state.name} holds ${state.keys === 1 ? 'one key' : `${state.keys} keys`}`;
    case 'empty':
      return state.isUnlocked ? `${state.name} holds no key` : `${state.name} holds no key, or is locked`;
    case 'silent':
      return `${state.name} could not be asked: ${state.reason}`;
  }
}

/**
 * Why no key may be made without being asked for one: the user has keys, perhaps, that nobody could see. Undefined where there
 * is no such reason. Everybody has an empty agent on some systems; only one that somebody named is taken for locked.
 */
export function findReasonForNoNewKey(state: AgentState): string | undefined {
  if (state.kind === 'silent') return describeAgent(state);
  const isEmptyOnPurpose = state.kind === 'empty' && (state.isNamedByConfiguration || !state.isUnlocked);
  return isEmptyOnPurpose ? describeAgent(state) : undefined;
}
