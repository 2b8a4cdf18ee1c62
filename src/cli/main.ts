import { SSH_FAILED } from './exit-codes.ts';
import { type PlainWords, parsePlainWords } from './plain-words.ts';
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
  if (words.length === 0 || (words.length === 1 && words[0] === '--help')) {
    const { readRootHelp } = await import('./root-help.ts');
    process.stdout.write(readRootHelp(root));
    return endProcess();
  }
  const plain = parsePlainWords(words, process.env);
  if (plain === undefined || !(await runWithoutParser(plain, root))) {
    const { runCommandLine } = await import('./run-command-line.ts');
    await runCommandLine(words, root);
  }
  return endProcess();
}

/** True when the command has been run by it. */
async function runWithoutParser(words: PlainWords, root: string): Promise<boolean> {
  const terminal = readTerminal();
  const { runShared } = await import('./run-shared.ts');
  try {
    if (await runShared(words, terminal)) return true;
  } catch (error) {
    const { reportFailure } = await import('./report-error.ts');
    await reportFailure(error as Error, { flags: words, toExitCode: () => SSH_FAILED });
    return true;
  }
  const { runPlain } = await import('./run-plain.ts');
  return runPlain(words, terminal, root);
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
