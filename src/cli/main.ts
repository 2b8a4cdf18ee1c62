import { hasCode } from '../workspace/errors.ts';
import { readTerminal } from './terminal.ts';

declare const WS_APP_VERSION: string;

/** Runs the command line and ends the process with its exit code. The parser is loaded only for what needs one. */
export async function main(root: string): Promise<never> {
  const words = process.argv.slice(2);
  if (words.length === 1 && words[0] === '--version') {
    process.stdout.write(
      `ws-workspace/${WS_APP_VERSION} ${process.platform}-${process.arch} node-${process.version}\n`,
    );
    return endProcess();
  }
  if (!(await runOverHeldConnection(words))) {
    const { runCommandLine } = await import('./run-command-line.ts');
    await runCommandLine(words, root);
  }
  return endProcess();
}

/** True when the command has been run by it. */
async function runOverHeldConnection(words: string[]): Promise<boolean> {
  if (words[0] !== 'ssh') return false;
  const { runShared } = await import('./run-shared.ts');
  try {
    return await runShared(words, readTerminal());
  } catch (error) {
    if (hasCode(error, 'INTERRUPTED')) {
      process.stderr.write('\n');
      return true;
    }
    const { reportError } = await import('./report-error.ts');
    await reportError(error as Error);
    return true;
  }
}

/** What was printed must be out before the process ends; a reader that has gone (`| head`) wants nothing more. */
async function endProcess(): Promise<never> {
  const { stdout } = process;
  if (stdout.errored === null && !stdout.destroyed) {
    await new Promise<void>((resolve) => {
      stdout.once('error', () => resolve());
      stdout.once('close', () => resolve());
      stdout.write('', () => resolve());
    });
  }
  process.exit();
}
