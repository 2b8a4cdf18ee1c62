import { type ErrorKind, WorkspaceError } from '../../workspace/errors/errors.ts';
import { listWords, type Situation, spellWords } from '../../workspace/errors/spell.ts';
import type { Command } from '../../workspace/errors/suggestion.ts';
import type { TypedCommand } from '../../workspace/errors/typed-command.ts';
import type { AskingCommand } from '../asking/consent.ts';
import { type Here, toSituation } from '../command/spelling.ts';

/** A typing fault is mended where it was made, who interrupts wants nothing, and the way to the cluster mends itself. */
const MENDABLE: ErrorKind[] = ['environment', 'refused', 'workspace'];

/** `NAME`, `NAME:TAG`, `FILE`: a person has to fill it in. */
const TO_FILL_IN = /(?<![A-Za-z0-9])[A-Z]{3,}(?![A-Za-z0-9])/;

/**
 * Asks the person at the terminal whether the first suggestion that is a `ws up` is to be run, and returns the words
 * behind `up` after a yes. Undefined where there is none that is safe and whole, and after any other answer: the
 * failure stays what it was.
 */
export async function offerMending(error: Error, command: AskingCommand & Here): Promise<string[] | undefined> {
  const situation = toSituation(command);
  const found = error instanceof WorkspaceError ? findMending(error, situation) : undefined;
  if (found === undefined) return undefined;
  const { terminal, signal } = command;
  const { askConfirm } = await import('../../report/asking/prompts.tsx');
  const question = `Run ${spellWords(found, situation).join(' ')} now?`;
  const streams = { stdin: terminal.stdin, stream: terminal.stderr, signal };
  const isWanted = await command.whileAsking(() => askConfirm(question, streams)).catch(() => false);
  return isWanted ? listPlain(found, situation)?.slice(1) : undefined;
}

/**
 * The first suggested `ws up` that can be run as it stands. It deletes nothing and asks before it restarts anybody, so a
 * yes is enough. The same line again would fail again.
 */
export function findMending({ kind, suggestions }: WorkspaceError, situation: Situation): Command | undefined {
  if (!MENDABLE.includes(kind)) return undefined;
  const typed = listTyped(situation.typed).join('\0');
  return suggestions.find(
    (suggestion): suggestion is Command =>
      'program' in suggestion &&
      isWhole(suggestion) &&
      ![undefined, typed].includes(listPlain(suggestion, situation)?.join('\0')),
  );
}

/** A `ws up` in which nothing is left to a person: to fill in, to trust a key, to lose the home with the pod. */
function isWhole({ program, words, workspace = '', place = {} }: Command): boolean {
  if (program !== 'ws' || words[0] !== 'up') return false;
  const isLeft = words.includes('--accept-host-key') || words[words.indexOf('--storage-class') + 1] === 'none';
  return !isLeft && ![...words, workspace, ...Object.values(place)].some((word) => TO_FILL_IN.test(String(word)));
}

/** The words as a program gets them; undefined where a shell has to complete one. */
function listPlain(command: Command, situation: Situation): string[] | undefined {
  const words = listWords(command, situation);
  return words.every((word) => typeof word === 'string') ? [...words] : undefined;
}

function listTyped(typed: TypedCommand | undefined): string[] {
  if (typed === undefined) return [];
  return [typed.verb, ...typed.parts.flatMap((part) => (part.kind === 'position' ? [part.word] : part.words))];
}
