import { Errors, run } from '@oclif/core';
import { writeDocument } from '../../report/leaving.ts';
import { toErrorDocument } from '../../report/results/error-screen.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { EXIT_CODES } from '../command/exit-codes.ts';
import { splitAtDashes } from '../command/flags.ts';
import { reportError } from '../command/report-error.ts';
import { toSpell } from '../command/spelling.ts';

/** oclif finds the command and runs it. Sets the exit code. */
export async function runCommandLine(words: string[], root: string): Promise<void> {
  try {
    await run(words, root);
  } catch (error) {
    await report(error as Error & { oclif?: { exit?: number } }, words);
  }
}

/** What oclif itself throws before or outside a command: an unknown command, say. */
async function report(error: Error & { oclif?: { exit?: number } }, words: string[]): Promise<void> {
  if (error instanceof Errors.ExitError) {
    process.exitCode = error.oclif.exit ?? 0;
    return;
  }
  const isUsage = error instanceof Errors.CLIError;
  const shown = isUsage ? failure('BAD_VALUE', { message: toWords(error.message), suggestions: [ws`--help`] }) : error;
  // These suggestions have no place.
  const spell = toSpell({});
  if (splitAtDashes(words).before.includes('--json')) {
    writeDocument(process.stdout, toErrorDocument(shown, spell), 2);
  } else await reportError(shown, spell);
  process.exitCode = isUsage ? EXIT_CODES.usage : EXIT_CODES.bug;
}

/** oclif joins the words that it takes for a command's name by a colon. */
function toWords(message: string): string {
  const id = /^command (\S+) not found$/.exec(message)?.[1];
  return id === undefined ? message : `There is no command "ws ${id.replaceAll(':', ' ')}"`;
}
