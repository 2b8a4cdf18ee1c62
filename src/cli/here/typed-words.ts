import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type FlagShape, readTyped, type TypedCommand } from '../../workspace/errors/typed-command.ts';
import { splitCommand } from '../words/split-command.ts';

/**
 * The line of a command that ran without the parser, by what the manifest says of its flags. Undefined if no manifest
 * can be read: suggestions then keep less of the line. `words` are all but the verb.
 */
export function readPlainLine(verb: 'ssh' | 'proxy', words: readonly string[], root: string): TypedCommand | undefined {
  try {
    const { commands } = JSON.parse(readFileSync(path.join(root, 'oclif.manifest.json'), 'utf8')) as {
      commands: Record<string, { flags: Record<string, FlagShape> }>;
    };
    const { before, command: behind, isMarked } = splitCommand(words);
    return { ...readTyped(verb, before, Object.values(commands[verb]?.flags ?? {}), () => true), behind, isMarked };
  } catch {
    return undefined;
  }
}

/** The same by a command's own flags. */
export function readCommandLine(
  id: string | undefined,
  words: readonly string[],
  flags: Record<string, object>,
  isWorkspace: (positions: string[]) => boolean,
): TypedCommand {
  const shapes = Object.entries(flags).map(([name, flag]) => ({ ...flag, name }) as FlagShape);
  return readTyped((id ?? '').replaceAll(':', ' '), words, shapes, isWorkspace);
}

/** The values of flags by their names, as far as they were typed. */
export function listTypedValues({ parts }: TypedCommand): Record<string, string | undefined> {
  return Object.fromEntries(parts.flatMap((part) => (part.kind === 'flag' ? [[part.name, part.value]] : [])));
}
