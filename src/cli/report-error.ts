import { readTerminal } from './terminal.ts';

/** One screen on stderr, for errors that no command has caught. */
export async function reportError(error: Error): Promise<void> {
  const terminal = readTerminal();
  const { formatError } = await import('../report/error-screen.ts');
  terminal.stderr.write(
    formatError(error, {
      columns: terminal.columns,
      color: terminal.colorOnStderr,
      debug: process.env.WS_DEBUG === '1',
    }),
  );
}
