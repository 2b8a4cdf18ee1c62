import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Command, run } from '../../workspace/errors/suggestion.ts';

/**
 * What shows whose a file is, and the folder, in which each change makes a new one: of a file that is not there, the
 * nearest folder above it that is, because in it the missing one could not be made.
 */
export function lookAt(file: string): Command {
  const folder = path.dirname(file);
  return existsSync(file) ? run('ls')`-ld ${folder} ${file}` : run('ls')`-ld ${findThere(folder)}`;
}

/** What helps with a file in `ws`'s own folder that cannot be used. */
export function leadElsewhere(file: string): Command[] {
  return [{ ...run('export')`WS_CONFIG_DIR=FOLDER`, note: 'uses another folder' }, lookAt(file)];
}

function findThere(folder: string): string {
  return existsSync(folder) || path.dirname(folder) === folder ? folder : findThere(path.dirname(folder));
}
