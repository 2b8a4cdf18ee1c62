import { chooseSigns } from '../../report/signs.ts';
import { EXIT_CODES, SSH_FAILED } from '../command/exit-codes.ts';
import { readPlainLine } from '../here/typed-words.ts';
import { hasUnicode } from '../terminal/character-set.ts';
import { settleEnvironment } from '../terminal/machine.ts';
import { guardOutput } from '../terminal/output.ts';
import { readTerminal } from '../terminal/terminal.ts';
import { findVerb, parsePlainWords } from './plain-words.ts';
import { readRootHelp } from './root-help.ts';
import { formatVersion } from './version.ts';

/** Alone, each of these needs no parser. */
const VERSION_WORDS = ['--version', '-v', '-V', 'version'];
const HELP_WORDS = ['--help', '-h', 'help'];

/** Runs the command line and ends the process with its exit code. The parser is loaded only for what needs one. */
export async function main(root: string): Promise<never> {
  settleEnvironment(process.env);
  chooseSigns(hasUnicode(process.env, process.platform));
  const words = process.argv.slice(2);
  const failed = words[findVerb(words)] === 'ssh' ? SSH_FAILED : EXIT_CODES.environment;
  guardOutput(failed);
  const [only = '--help', ...others] = words;
  if (others.length === 0 && VERSION_WORDS.includes(only)) {
    process.stdout.write(formatVersion());
    return endProcess();
  }
  if (others.length === 0 && HELP_WORDS.includes(only)) {
    process.stdout.write(readRootHelp(root));
    return endProcess();
  }
  const plain = parsePlainWords(words, process.env);
  const readLine = () => readPlainLine(plain?.verb ?? 'ssh', words.toSpliced(findVerb(words), 1), root);
  if (plain?.verb === 'ssh') {
    const { runSsh } = await import('../session/run-ssh.ts');
    await runSsh(plain.request, readTerminal(), root, { readLine });
  } else if (plain?.verb === 'proxy') {
    const { runProxy } = await import('../session/run-proxy.ts');
    await runProxy(plain.request, readTerminal(), readLine);
  } else {
    const { runCommandLine } = await import('./run-command-line.ts');
    // The parser brings its own listener, which throws errors that it does not know.
    guardOutput(failed);
    await runCommandLine(words, root);
  }
  return endProcess();
}

/** A run that took this long has made V8 compile so much that it may still be busy. */
const BUSY_AFTER_SECONDS = 1;
const COMPILED_WITHIN_MS = 20;

/**
 * V8 compiles hot functions beside this thread. `process.exit` waits for that, which may wait for this thread to
 * collect garbage first: then neither ends (nodejs/node#54918; seen after a large upload). So nothing more is compiled,
 * and what is being compiled gets the time that it takes.
 */
async function letCompilersEnd(): Promise<void> {
  if (process.uptime() < BUSY_AFTER_SECONDS) return;
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  for (const compiler of ['maglev', 'turbofan']) setFlagsFromString(`--no-${compiler}`);
  await new Promise((resolve) => setTimeout(resolve, COMPILED_WITHIN_MS));
}

/** Waits until all output is out. A reader that has gone (`| head`) wants nothing more. */
async function endProcess(): Promise<never> {
  const { stdout } = process;
  if (stdout.errored === null && !stdout.destroyed) {
    await new Promise<void>((resolve) => {
      stdout.once('error', () => resolve());
      stdout.once('close', () => resolve());
      stdout.write('', () => resolve());
    });
  }
  // The error listeners hear last about what could not be written.
  await new Promise((resolve) => setImmediate(resolve));
  await letCompilersEnd();
  process.exit();
}
