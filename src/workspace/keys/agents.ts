/** The state of the user's SSH agent. "It has no key" and "we could not look" are different answers. */

import type { Suggestion } from '../errors/suggestion.ts';

export type AgentState =
  /** No agent is configured. */
  | { kind: 'none' }
  | { kind: 'answers'; name: string; keys: number }
  /** It answers and lists nothing. `isUnlocked` is known of OpenSSH's alone: a locked agent lists nothing, too. */
  | { kind: 'empty'; name: string; isUnlocked: boolean; isNamedByConfiguration: boolean }
  /** An agent is configured and does not answer, or we cannot know which one is configured. */
  | { kind: 'silent'; name: string; reason: string; remedy: Suggestion[] };

/** The agent's state in words, for a list of where we looked. */
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
 * Why no key may be made without being asked for one: the user has keys, perhaps, that nobody could see. Undefined
 * where there is no such reason. Everybody has an empty agent on some systems; only one that somebody named is taken
 * for locked.
 */
export function findReasonForNoNewKey(state: AgentState): string | undefined {
  if (state.kind === 'silent') return describeAgent(state);
  const isEmptyOnPurpose = state.kind === 'empty' && (state.isNamedByConfiguration || !state.isUnlocked);
  return isEmptyOnPurpose ? describeAgent(state) : undefined;
}
