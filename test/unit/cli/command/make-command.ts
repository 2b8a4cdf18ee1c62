import { existsSync } from 'node:fs';
import path from 'node:path';
import { Config } from '@oclif/core';
import type { BaseCommand } from '../../../../src/cli/command/base-command.ts';

const ROOT = process.cwd();
let config: Promise<Config> | undefined;

/** As oclif has it before it runs. */
interface Unparsed {
  init(): Promise<void>;
  run(): Promise<unknown>;
  catch(error: Error): Promise<void>;
}

/** A command of the source by its name in the manifest. Its words are not parsed yet. */
export async function findCommand<Command = BaseCommand<never>>(
  id: string,
  words: string[],
): Promise<Command & Unparsed> {
  config ??= Config.load(ROOT);
  const folder = path.join(ROOT, 'src', 'commands');
  const file = `${id.replaceAll(':', '/')}.ts`;
  const found = ['', 'look', 'hidden'].map((group) => path.join(folder, group, file)).find(existsSync) ?? file;
  const { default: Class } = (await import(found)) as {
    default: { new (words: string[], config: Config): Command & Unparsed; id: string };
  };
  // As oclif does when it loads a command.
  Class.id = id;
  return new Class(words, await config);
}

/** The same with its words parsed, as oclif does before it runs. */
export async function makeCommand<Command = BaseCommand<never>>(id: string, words: string[]): Promise<Command> {
  const command = await findCommand<Command>(id, words);
  await command.init();
  return command;
}
