/** What `ws keys rm` asks and tells around its work, and what was meant where a comment stands without its quotes. */
import type { DoomedKey } from '../../operations/authorized-keys.ts';
import { hasCode } from '../../workspace/errors/errors.ts';
import { type Command, ws } from '../../workspace/errors/suggestion.ts';
import type { TypedCommand } from '../../workspace/errors/typed-command.ts';
import { describeKey } from '../../workspace/keys/keys.ts';
import { suggestFirst } from '../session/words/ssh-line.ts';
import type { TypedLine } from '../words/typed-line.ts';
import type { Consent } from './consent.ts';

export function toRemovalConsent({ workspace, key, own }: DoomedKey): Consent {
  const what = describeKey(key);
  const facts = {
    no: [],
    one: [`${what} is a key of this machine, and another one of its keys still opens the workspace`],
    last: [`${what} is the only key of this machine there: without it nobody can log in from here`],
  };
  return {
    facts: facts[own],
    deed: `remove ${own === 'no' ? what : 'it'} from workspace ${workspace}`,
    undone: `${what} still opens workspace ${workspace}`,
  };
}

/** What lets somebody in again, after this machine has locked itself out; undefined where it has not. */
export function findWayBack({ workspace, own }: DoomedKey): Command | undefined {
  return own === 'last' ? { ...ws`keys add FILE.pub`, workspace } : undefined;
}

/**
 * `my laptop` is taken for a workspace and a key, also beside `-w dev`. The error, with the line that has it in quotes
 * first.
 */
export function suggestQuotes(error: Error, line: TypedLine, { parts }: TypedCommand): Error {
  if (!hasCode(error, 'WORKSPACE_MISSING', 'BAD_WORKSPACE_NAME', 'CONFLICTING_FLAGS')) return error;
  let at = 0;
  const positions: number[] = [];
  for (const part of parts) {
    if (part.kind === 'position') positions.push(at);
    at += part.kind === 'position' ? 1 : part.words.length;
  }
  return positions.length < 2 ? error : suggestFirst(error, [line.withOneWord(positions)]);
}
