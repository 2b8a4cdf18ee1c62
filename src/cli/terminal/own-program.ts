import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Launcher } from '../../workspace/ssh-config/ssh-launcher.ts';
import { accountHome, homeFolder } from './machine.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** This Node and the program's file: the words that run this very `ws` where no shell can look for it. */
export function findOwnProgram(root: string): string[] {
  return [process.execPath, path.join(root, 'bin', 'run.js')];
}

/**
 * What runs this very `ws`, best first. A link on PATH stays right after an update, where the file that it leads to has
 * its version in its path; so does Node's. Both lead to what runs now: whether it may run is no question.
 */
export function findLauncher(root: string, environment: Environment, configFolder: string): Launcher {
  const file = path.join(root, 'bin', 'run.js');
  const folders = (environment['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const findLink = (name: string, target: string) =>
    folders.map((folder) => path.join(folder, name)).find((link) => isSame(link, target));
  const nodes = [findLink('node', process.execPath), process.execPath].filter((node) => node !== undefined);
  const files = [findLink('ws', file), file].filter((found) => found !== undefined);
  const pairs = files.flatMap((found) => nodes.map((node) => ({ node, file: found })));
  const isNew = (pair: (typeof pairs)[number], index: number) =>
    pairs.findIndex(({ node, file: other }) => node === pair.node && other === pair.file) === index;
  return { pairs: pairs.filter(isNew), folders: [...new Set(folders)], configFolder };
}

/** The kubeconfig that a later run needs to know: a file, or a list like KUBECONFIG's. */
export interface NamedKubeconfig {
  kubeconfig: string | undefined;
  isKubeconfigList: boolean;
}

/**
 * The flag's file, or what KUBECONFIG names, as absolute paths: whoever starts `ssh` later need have neither our
 * environment nor our folder. The default one needs no name, unless it is below a home that only this environment
 * knows.
 */
export function findKubeconfigToName(flag: string | undefined, environment: Environment): NamedKubeconfig {
  const listed = (environment['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  const files = (flag === undefined ? listed : [flag]).map((file) => path.resolve(file));
  // On Windows no single command sets a variable for another one in all shells.
  if (files.length > 1 && process.platform === 'win32') return { kubeconfig: undefined, isKubeconfigList: false };
  if (files.length > 0) return { kubeconfig: files.join(path.delimiter), isKubeconfigList: files.length > 1 };
  const ordinary = path.join(homeFolder(environment), '.kube', 'config');
  const isElsewhere = process.platform !== 'win32' && homeFolder(environment) !== accountHome();
  return { kubeconfig: isElsewhere && existsSync(ordinary) ? ordinary : undefined, isKubeconfigList: false };
}

function isSame(file: string, other: string): boolean {
  try {
    return realpathSync(file) === realpathSync(other);
  } catch {
    return false;
  }
}
