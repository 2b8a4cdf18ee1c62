import { say } from '../../report/leaving.ts';
import { formatError, formatInterruption, toErrorDocument } from '../../report/results/error-screen.ts';
import { hasCode, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { toSystemFailure } from '../../workspace/errors/foreign/system-failure.ts';
import type { Spell } from '../../workspace/errors/spell.ts';
import type { TypedCommand } from '../../workspace/errors/typed-command.ts';
import type { Said } from '../here/sources.ts';
import { isEndedByCtrlC } from '../terminal/interrupt.ts';
import { BROKEN_PIPE } from '../terminal/output.ts';
import { readTerminal } from '../terminal/terminal.ts';
import { readSwitch } from '../words/switch-words.ts';

export interface FailureOptions {
  /** Spells what is suggested. */
  spell: Spell;
  toExitCode(error: Error): number;
  debug?: boolean;
  /** Values that nobody typed: an error about one says where it comes from. */
  sources?: readonly Said[];
  /** The line, which a wrong word is left out of where no other one is known. */
  typed?: TypedCommand | undefined;
  /** Gets the error as a document instead of a screen, for --json. */
  show?(document: object): void;
}

/** Ends a command that failed: one screen on stderr, or one document, and an exit code. */
export async function reportFailure(thrown: Error, options: FailureOptions): Promise<void> {
  // Only a failure needs it.
  const [{ explain }, { withoutNamespace }] = await Promise.all([
    import('../here/sources.ts'),
    import('../here/without-namespace.ts'),
  ]);
  const error = withoutNamespace(explain(toSystemFailure(thrown), options.sources ?? []), options.typed);
  const { spell } = options;
  const isInterrupted = hasCode(error, 'INTERRUPTED');
  const code = options.toExitCode(error);
  // The exit code already says which signal it was.
  process.exitCode = isInterrupted ? (process.exitCode ?? code) : code;
  if (options.show !== undefined) {
    options.show(toErrorDocument(error, spell));
  } else if (isInterrupted) {
    // A reader that has gone has printed nothing, and reads nothing.
    if (process.exitCode !== BROKEN_PIPE) reportInterruption(error, spell);
  } else await reportError(error, spell, options.debug);
}

/** After ^C, which a terminal shows, the prompt needs a line of its own. A question has read that key itself. */
function reportInterruption(error: WorkspaceError, spell: Spell): void {
  const { stdin, stderr, columns } = readTerminal();
  if (isEndedByCtrlC() && stdin.isTTY === true && stderr.isTTY === true) say(stderr, '\n');
  say(stderr, formatInterruption(error, { columns, spell }));
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
      debug: debug || readSwitch(process.env.WS_DEBUG ?? '') === true,
    }),
  );
}
