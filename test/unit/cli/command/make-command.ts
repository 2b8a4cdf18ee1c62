import { existsSync } from 'node:fs';
import path from 'node:path';
import { Config } from '@oclif/core';
import type { BaseCommand } from '../../../../src/cli/command/base-command.ts';

const ROOT = process.cwd();
let config: Promise<Config> | undefined;

/** A command of the source by its name in the manifest, its words parsed as oclif does before it runs. */
export async function makeCommand<Command = BaseCommand<never>>(id: string, words: string[]): Promise<Command> {
  config ??= Config.load(ROOT);
  const folder = path.join(ROOT, 'src', 'commands');
  const file = `${id.replaceAll(':', '/')}.ts`;
  const found = ['', 'look', 'hidden'].map((group) => path.join(folder, group, file)).find(existsSync) ?? file;
  const { default: Class } = (await import(found)) as {
    default: { new (words: string[], config: Config): Command & { init(): Promise<void> }; id: string };
  };
  // As oclif does when it loads a command.
  Class.id = id;
  const command = new Class(words, await config);
  await command.init();
  return command;
}
