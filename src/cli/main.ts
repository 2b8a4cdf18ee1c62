import { Errors, flush, run } from '@oclif/core';
import { EXIT_CODES } from './exit-codes.ts';
import { readTerminal } from './terminal.ts';

/** Runs the command line and ends the process with its exit code. */
export async function main(root: string): Promise<never> {
  try {
    await run(process.argv.slice(2), root);
  } catch (error) {
    await report(error as Error & { oclif?: { exit?: number } });
  }
  await drainOutput();
  process.exit();
}

/** What was printed must be out before the process ends; a reader that has gone (`| head`) wants nothing more. */
async function drainOutput(): Promise<void> {
  const { stdout } = process;
  if (stdout.errored !== null || stdout.destroyed) return;
  const gone = new Promise<void>((resolve) => {
    stdout.once('error', () => resolve());
    stdout.once('close', () => resolve());
  });
  await Promise.race([flush(), gone]);
}

/** What oclif itself throws before or outside a command: an unknown command, say. */
async function report(error: Error & { oclif?: { exit?: number } }): Promise<void> {
  if (error instanceof Errors.ExitError) {
    process.exitCode = error.oclif.exit ?? 0;
    return;
  }
  const isUsage = error instanceof Errors.CLIError;
  process.exitCode = isUsage ? EXIT_CODES.usage : EXIT_CODES.bug;
  const terminal = readTerminal();
  const { formatError, toErrorDocument } = await import('../report/error-screen.ts');
  const { failure } = await import('../workspace/errors.ts');
  const shown = isUsage ? failure('BAD_VALUE', { message: error.message, suggestions: ['ws --help'] }) : error;
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify(toErrorDocument(shown), null, 2)}\n`);
    return;
  }
  terminal.stderr.write(
    formatError(shown, {
      columns: terminal.columns,
      color: terminal.colorOnStderr,
      debug: process.env.WS_DEBUG === '1',
    }),
  );
}
