import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { advice, type Command, type Program, run, type Suggestion } from '../../workspace/errors/suggestion.ts';

/**
 * Package managers that have Helm, the user's own before the system's, which the administrator may change. apt is not
 * among them: its `helm` is a synthesizer.
 */
const OWN = [
  run('brew')`install helm`,
  run('winget')`install Helm.Helm`,
  run('scoop')`install helm`,
  run('choco')`install kubernetes-helm`,
];
const OF_SYSTEM = [
  run('dnf')`install helm`,
  run('pacman')`-S helm`,
  run('zypper')`install helm`,
  run('apk')`add helm`,
  run('snap')`install helm --classic`,
];
const SUDO: Program = 'sudo';

const SCRIPT = 'https://raw.githubusercontent.com/helm/helm/main/scripts/get-helm-3';

export interface Machine {
  has(program: string): boolean;
  isRoot: boolean;
}

/** How Helm comes onto this machine: by what is there to install it. */
export function suggestHelm(machine: Machine): Suggestion[] {
  const asRoot = ({ program, words }: Command): Command =>
    machine.isRoot || !machine.has(SUDO) ? { program, words } : { program: SUDO, words: [program, ...words] };
  const isThere = ({ program }: Command) => machine.has(program);
  const known = [...OWN.filter(isThere), ...OF_SYSTEM.filter(isThere).map(asRoot)];
  const script =
    machine.has('curl') && machine.has('bash')
      ? [{ ...run('curl')`-fsSL ${SCRIPT}`, into: 'get-helm.sh', note: "Helm's own script" }, run('bash')`get-helm.sh`]
      : [];
  return [...(known.length > 0 ? known.slice(0, 1) : script), advice('https://helm.sh/docs/intro/install')];
}

/** This machine, as far as a PATH leads. */
export function machineOf(searchPath: string | undefined): Machine {
  const folders = (searchPath ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const names = (program: string) =>
    process.platform === 'win32' ? ['.exe', '.cmd', '.bat'].map((ending) => program + ending) : [program];
  return {
    isRoot: process.getuid?.() === 0,
    has: (program) => folders.some((folder) => names(program).some((name) => isProgram(path.join(folder, name)))),
  };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
