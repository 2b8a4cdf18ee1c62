import { realpathSync } from 'node:fs';
import path from 'node:path';

/**
 * The words that run this very `ws` from anywhere: `ws` where PATH finds it, because that stays right after an update;
 * else this Node and the program's file. On Windows PATH finds a script that not every shell runs.
 */
export function findOwnProgram(root: string, environment: NodeJS.ProcessEnv): string[] {
  const file = path.join(root, 'bin', 'run.js');
  const isOwn = (folder: string) => toRealPath(path.join(folder, 'ws')) === toRealPath(file);
  const folders = process.platform === 'win32' ? [] : (environment.PATH ?? '').split(path.delimiter);
  const first = folders.find((folder) => folder !== '' && toRealPath(path.join(folder, 'ws')) !== undefined);
  return first !== undefined && isOwn(first) ? ['ws'] : [process.execPath, file];
}

/**
 * The kubeconfig that a later run must be told of: the flag's, or KUBECONFIG's when it names one file. An editor that
 * starts `ssh` need not have our environment.
 */
export function findKubeconfigToName(flag: string | undefined, environment: NodeJS.ProcessEnv): string | undefined {
  const listed = (environment.KUBECONFIG ?? '').split(path.delimiter).filter((file) => file !== '');
  const file = flag ?? (listed.length === 1 ? listed[0] : undefined);
  return file === undefined ? undefined : path.resolve(file);
}

function toRealPath(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
