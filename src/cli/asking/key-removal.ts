/** What `ws keys rm` asks and tells around its work, and what was meant where a comment stands without its quotes. */
import { type DoomedKey, getDoomedKey } from '../../operations/authorized-keys.ts';
import { failure, hasCode } from '../../workspace/errors/errors.ts';
import { toQuoted } from '../../workspace/errors/printable.ts';
import { type Command, ws } from '../../workspace/errors/suggestion.ts';
import type { TypedCommand } from '../../workspace/errors/typed-command.ts';
import { describeKey } from '../../workspace/keys/keys.ts';
import { isNewName } from '../../workspace/naming/address.ts';
import type { World } from '../../workspace/world.ts';
import { suggestFirst } from '../session/words/ssh-line.ts';
import type { TypedLine } from '../words/typed-line.ts';
import type { Consent } from './consent.ts';

export function toRemovalConsent({ workspace, key, own, nameHere }: DoomedKey): Consent {
  const what = describeKey(key);
  const here = nameHere === undefined ? what : `${what}, here called ${nameHere},`;
  const facts = {
    no: [],
    one: [`${here} is a key of this machine, and another one of its keys still opens the workspace`],
    last: [`${here} is the only key of this machine there: without it nobody can log in from here`],
  };
  return {
    facts: facts[own],
    deed: `remove ${own === 'no' ? what : 'it'} from workspace ${workspace}`,
    undone: `${what} still opens workspace ${workspace}`,
  };
}

/**
 * A word alone is the key, and the error says that there is none such, or that any of several workspaces may have it.
 * If the word names a workspace, it may have been meant as one: then the error with the lines for either.
 */
export async function explainWordAlone(error: unknown, word: string, { cluster }: World, signal: AbortSignal) {
  if (!isNewName(word) || !hasCode(error, 'WORKSPACE_AMBIGUOUS', 'KEY_NOT_FOUND')) return error;
  const isOpen = error.code === 'WORKSPACE_AMBIGUOUS';
  const isWorkspace = isOpen
    ? error.candidates.some(({ name }) => name === word)
    : await cluster.findWorkspace(word, signal).then(
        (found) => found?.deployment !== undefined,
        () => false,
      );
  if (!isWorkspace) return error;
  return failure('KEY_NOT_FOUND', {
    message: `Nobody said which key of workspace ${word} is to go`,
    reason: isOpen ? 'A word alone is the key' : `A word alone is the key: ${error.message}`,
    suggestions: [
      { ...ws`keys ls`, workspace: word, note: 'shows them' },
      { ...ws`keys rm KEY`, workspace: word },
      // Those for the key in each of the workspaces.
      ...(isOpen ? error.suggestions : []),
    ],
    cause: error,
  });
}

/**
 * `me@laptop dev`: a comment may look like the address of a workspace. Where the second word is a workspace that has
 * the first one as its key, the error with the line in that order.
 */
export async function explainSwapped(
  error: unknown,
  [first, second]: [string, string],
  world: World,
  signal: AbortSignal,
) {
  if (!isNewName(second) || !hasCode(error, 'WORKSPACE_MISSING', 'BAD_WORKSPACE_NAME')) return error;
  const meant = await getDoomedKey(second, { word: first }, world, signal).catch(() => undefined);
  if (meant === undefined) return error;
  return failure('BAD_VALUE', {
    message: `${toQuoted(first)} is a key of workspace ${meant.workspace}, and not a workspace`,
    reason: 'The workspace comes first, and then its key',
    suggestions: [{ ...ws`keys rm ${first}`, workspace: meant.workspace }],
    cause: error,
  });
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
