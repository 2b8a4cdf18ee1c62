import { Config, Errors } from '@oclif/core';
import { writeDocument } from '../../report/leaving.ts';
import { toExitCode } from '../command/exit-codes.ts';
import { reportFailure } from '../command/report-error.ts';
import { toSpell } from '../command/spelling.ts';
import { readCatalogue } from '../words/catalogue.ts';
import { asksForJson } from '../words/split-command.ts';
import { AppHelp } from './help.ts';
import { readLine } from './read-line.ts';

/** Finds the command and lets oclif run it. Sets the exit code. */
export async function runCommandLine(words: string[], root: string): Promise<void> {
  try {
    const config = await Config.load({
      root,
      // `ws` has none, and oclif would look for them below a HOME that may be a file, and warn of it in Node's words.
      userPlugins: false,
      devPlugins: false,
    });
    const reading = readLine(words, readCatalogue(config));
    if (reading.kind === 'help') await new AppHelp(config).showAbout(reading.of);
    else await config.runCommand(reading.id, reading.words);
  } catch (error) {
    if (error instanceof Errors.ExitError) process.exitCode = error.oclif.exit ?? 0;
    else await report(error as Error, words);
  }
}

/** What is wrong before a command runs. What it suggests was typed, place and all. */
async function report(error: Error, words: string[]): Promise<void> {
  const isJson = asksForJson(words);
  const spell = toSpell({});
  await reportFailure(error, {
    spell,
    toExitCode,
    ...(isJson ? { show: (document: object) => writeDocument(process.stdout, document, 2) } : {}),
  });
}
