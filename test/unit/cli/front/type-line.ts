import { readFileSync } from 'node:fs';
import { readLine } from '../../../../src/cli/front/read-line.ts';
import { Catalogue, type Reading, toGrammar } from '../../../../src/cli/words/catalogue.ts';
import { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { spell } from '../../../../src/workspace/errors/spell.ts';
import { makeCommand } from '../command/make-command.ts';

type Described = { id: string; hidden?: boolean; strict?: boolean; flags: object; args: object };

const { commands } = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as { commands: Record<string, Described> };

/** All commands, as the manifest has them. */
export const catalogue = new Catalogue(
  Object.values(commands).map(({ id, hidden, ...more }) => ({ id, hidden: hidden === true, ...toGrammar(more) })),
);

export const commandIds = Object.keys(commands);

/** What a line is once its command has judged its words. Throws the error that a person would see. */
export async function typeLine(words: readonly string[]): Promise<Reading> {
  const reading = readLine(words, catalogue);
  if (reading.kind === 'command') await makeCommand(reading.id, reading.words);
  return reading;
}

/** The error of a line. Anything else than one of our usage errors fails the test. */
export async function findFault(words: readonly string[]): Promise<WorkspaceError> {
  try {
    await typeLine(words);
  } catch (error) {
    if (error instanceof WorkspaceError && error.kind === 'usage') return error;
    throw error;
  }
  throw new Error(`nothing is wrong with: ws ${words.join(' ')}`);
}

/** The lines that are proposed for one with a fault, as they are copied. */
export async function listProposed(words: readonly string[]): Promise<string[]> {
  const { suggestions } = await findFault(words);
  return suggestions.map((suggestion) => spell(suggestion, { place: {} }).line);
}

/** The words of the lines that are proposed; those of another program begin with its name. */
export async function listProposedWords(words: readonly string[]): Promise<string[][]> {
  const { suggestions } = await findFault(words);
  return suggestions.flatMap((one) => {
    if (!('program' in one)) return [];
    const proposed = one.words.map((word) => (typeof word === 'string' ? word : word.inHome));
    return [one.program === 'ws' ? proposed : [one.program, ...proposed]];
  });
}
