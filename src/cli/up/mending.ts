import { type ErrorKind, WorkspaceError } from '../../workspace/errors/errors.ts';
import { listWords, type Situation, spellWords } from '../../workspace/errors/spell.ts';
import type { Command } from '../../workspace/errors/suggestion.ts';
import { listPartWords, type TypedCommand } from '../../workspace/errors/typed-command.ts';
import type { AskingCommand } from '../asking/consent.ts';
import { type Here, toSituation } from '../command/spelling.ts';
import type { UpFlags } from './up-flags.ts';

/** A typing fault is mended where it was made, who interrupts wants nothing, and the network is not ours. */
const MENDABLE: ErrorKind[] = ['environment', 'refused', 'workspace'];

/** `NAME`, `NAME:TAG`, `FILE`: a person has to fill it in. */
const TO_FILL_IN = /(?<![A-Za-z0-9])[A-Z]{3,}(?![A-Za-z0-9])/;

/** The command that failed. */
interface FailedUp extends AskingCommand, Here {
  config: { runCommand(id: string, words: string[]): Promise<unknown> };
}

/**
 * Where one `ws up` with other words mends it, a yes of the person at the terminal runs that: nothing has to be typed
 * again, and the process ends as that one ends. After any other answer the failure stays what it was.
 */
export async function offerToMend(failed: Error, command: FailedUp, readFlags: () => UpFlags): Promise<void> {
  const situation = toSituation(command);
  const found = failed instanceof WorkspaceError ? findMending(failed, situation) : undefined;
  if (found === undefined || !command.isAskable || isAnswered(readFlags())) return;
  const { terminal, signal } = command;
  const { askConfirm } = await import('../../report/asking/prompts.tsx');
  const question = `Run ${spellWords(found, situation).join(' ')} now?`;
  const streams = { stdin: terminal.stdin, stream: terminal.stderr, signal };
  const isWanted = await command.whileAsking(() => askConfirm(question, streams)).catch(() => false);
  if (!isWanted) return;
  process.exitCode = undefined;
  const [verb = 'up', ...words] = listPlain(found, situation) ?? [];
  await command.config.runCommand(verb, words);
}

/** Whoever said that nobody is to be asked, or that nothing is to be done, said it of this as well. */
function isAnswered({ yes, 'dry-run': dryRun }: UpFlags): boolean {
  return yes || dryRun;
}

/**
 * The first suggested `ws up` that can be run as it stands. It deletes nothing and asks before it restarts anybody, so
 * one yes is enough. The same line again would fail again.
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
  return [typed.verb, ...typed.parts.flatMap(listPartWords)];
}
