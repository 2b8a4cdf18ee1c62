import { failure, interrupted, withOutcome } from '../../workspace/errors/errors.ts';
import type { Command } from '../../workspace/errors/suggestion.ts';
import { tellIfInterrupted } from '../../workspace/errors/tell-if-interrupted.ts';
import type { CliTerminal } from '../terminal/terminal.ts';

/** What is asked before something is deleted, or ends what others do. */
export interface Consent {
  /** What a person should know first, a sentence each. */
  facts?: string[];
  /** What is to be done: `delete claim x, for good`. */
  deed: string;
  /** What a No, Esc or Ctrl-C leaves: `Nothing was deleted`. */
  undone: string;
}

/** The parts of a command that a question needs. */
export interface AskingCommand {
  terminal: CliTerminal;
  signal: AbortSignal;
  isAskable: boolean;
  whileAsking<Answer>(ask: () => Promise<Answer>): Promise<Answer>;
  /** The line that was typed, with this flag. */
  typedWith(flag: string): Command;
}

/**
 * Returns after a yes, at once where the line has one. Throws `INTERRUPTED` with what is left as it was for any other
 * answer, and `ANSWER_MISSING` where nobody can be asked.
 */
export async function requireConsent(consent: Consent, isGiven: boolean, command: AskingCommand): Promise<void> {
  if (isGiven || (await askConsent(consent, command))) return;
  throw withOutcome(interrupted(), consent.undone);
}

/** Whether the person agrees. Throws as above for Ctrl-C, and where nobody can be asked: silence is no yes. */
export async function askConsent({ facts = [], deed, undone }: Consent, command: AskingCommand): Promise<boolean> {
  const asked = `${toSentence(deed)}?`;
  if (!command.isAskable) {
    throw failure('ANSWER_MISSING', {
      message: `${asked} ${toSentence(describeSilence(command.terminal))}`,
      ...(facts.length === 0 ? {} : { reason: facts.join('. ') }),
      suggestions: [command.typedWith('--yes')],
    });
  }
  const { terminal, signal } = command;
  const { askConfirm } = await import('../../report/asking/prompts.tsx');
  const question = [...facts, asked].join('\n');
  return tellIfInterrupted(undone, () =>
    command.whileAsking(() => askConfirm(question, { stdin: terminal.stdin, stream: terminal.stderr, signal })),
  );
}

function toSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Why nobody is asked. */
export function describeSilence({ isInteractive }: Pick<CliTerminal, 'isInteractive'>): string {
  return isInteractive ? 'with --json nobody is asked' : 'there is no terminal to ask on';
}
