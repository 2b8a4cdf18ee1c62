import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Command, run } from '../../workspace/errors/suggestion.ts';

/** What shows whose a file is: of one that is not there, the nearest folder above it that is. */
export function lookAt(file: string): Command {
  if (existsSync(file)) return run('ls')`-l ${file}`;
  const folder = path.dirname(file);
  return existsSync(folder) || folder === file ? run('ls')`-ld ${folder}` : lookAt(folder);
}
