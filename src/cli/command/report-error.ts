import { say } from '../../report/leaving.ts';
import { formatError, toErrorDocument } from '../../report/results/error-screen.ts';
import { hasCode } from '../../workspace/errors/errors.ts';
import type { Spell } from '../../workspace/errors/spell.ts';
import { BROKEN_PIPE } from '../terminal/output.ts';
import { readTerminal } from '../terminal/terminal.ts';

export interface FailureOptions {
  /** Spells what is suggested. */
  spell: Spell;
  toExitCode(error: Error): number;
  debug?: boolean;
  /** Takes the error's document, for whoever wants JSON, instead of the screen. */
  show?(document: object): void;
}

/** How every command ends that fails: one screen on stderr, or one document, and an exit code. */
export async function reportFailure(error: Error, options: FailureOptions): Promise<void> {
  const { spell } = options;
  const isInterrupted = hasCode(error, 'INTERRUPTED');
  const code = options.toExitCode(error);
  // Which signal it was is known already.
  process.exitCode = isInterrupted ? (process.exitCode ?? code) : code;
  if (options.show !== undefined) {
    options.show(toErrorDocument(error, spell));
  } else if (isInterrupted) {
    // After ^C the prompt wants a line of its own; a reader that has gone wrote nothing.
    if (process.exitCode !== BROKEN_PIPE) say(process.stderr, '\n');
  } else await reportError(error, spell, options.debug);
}

/** One screen on stderr. */
export async function reportError(error: Error, spell: Spell, debug = false): Promise<void> {
  const terminal = readTerminal();
  say(
    terminal.stderr,
    formatError(error, {
      spell,
      columns: terminal.columns,
      color: terminal.colorOnStderr,
      debug: debug || /^(?:1|y|yes|true)$/i.test(process.env.WS_DEBUG ?? ''),
    }),
  );
}
