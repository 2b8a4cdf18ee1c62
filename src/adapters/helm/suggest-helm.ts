import { accessSync, constants, realpathSync } from 'node:fs';
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

const PAGE = advice('https://helm.sh/docs/intro/install');

/** Who put a Helm where it is, by its path, and how it gets a newer one. Root does it for those without `isOwn`. */
const KEEPERS: { path: RegExp; isOwn?: boolean; upgrades: Command[] }[] = [
  { path: /[\\/](?:homebrew|linuxbrew|cellar)[\\/]/i, isOwn: true, upgrades: [run('brew')`upgrade helm`] },
  { path: /[\\/]winget[\\/]/i, isOwn: true, upgrades: [run('winget')`upgrade Helm.Helm`] },
  { path: /[\\/]scoop[\\/]/i, isOwn: true, upgrades: [run('scoop')`update helm`] },
  { path: /[\\/]chocolatey[\\/]/i, isOwn: true, upgrades: [run('choco')`upgrade kubernetes-helm`] },
  { path: /^\/(?:var\/lib\/snapd\/)?snap\//, upgrades: [run('snap')`refresh helm`] },
  {
    path: /^\/usr\/s?bin\//,
    upgrades: [
      run('dnf')`upgrade helm`,
      run('pacman')`-S helm`,
      run('zypper')`update helm`,
      run('apk')`add --upgrade helm`,
    ],
  },
];

export interface Machine {
  has(program: string): boolean;
  isRoot: boolean;
}

/** How Helm comes onto this machine: by what is there to install it. */
export function suggestHelm(machine: Machine): Suggestion[] {
  const isThere = ({ program }: Command) => machine.has(program);
  const own = OWN.filter(isThere);
  const known = [...own, ...OF_SYSTEM.filter(isThere).map((command) => asRoot(command, machine))];
  return [...(known.length > 0 ? known.slice(0, 1) : suggestScript(machine)), PAGE];
}

/** How the Helm of this path gets newer: whoever put it there does that. Others' would be a second one beside it. */
export function suggestNewerHelm(file: string | undefined, machine: Machine): Suggestion[] {
  const keeper = KEEPERS.find(({ path: pattern }) => file !== undefined && pattern.test(file));
  const upgrade = keeper?.upgrades.find(({ program }) => machine.has(program));
  if (upgrade !== undefined) return [keeper?.isOwn === true ? upgrade : asRoot(upgrade, machine), PAGE];
  const script = suggestScript(machine);
  return script.length > 0 ? [...script, PAGE] : suggestHelm(machine);
}

function asRoot({ program, words }: Command, machine: Machine): Command {
  return machine.isRoot || !machine.has(SUDO) ? { program, words } : { program: SUDO, words: [program, ...words] };
}

function suggestScript(machine: Machine): Command[] {
  if (!machine.has('curl') || !machine.has('bash')) return [];
  const note = "Helm's own script, for bash";
  return [{ ...run('curl')`-fsSL ${SCRIPT}`, into: 'get-helm.sh', note }, run('bash')`get-helm.sh`];
}

/** This machine, as far as a PATH leads. */
export function machineOf(searchPath: string | undefined): Machine {
  return {
    isRoot: process.getuid?.() === 0,
    has: (program) => findOnPath(program, searchPath) !== undefined,
  };
}

/** The file that a program is, behind all links; undefined where there is none. */
export function findProgram(program: string, searchPath: string | undefined): string | undefined {
  const file = path.basename(program) === program ? findOnPath(program, searchPath) : program;
  try {
    return file === undefined ? undefined : realpathSync(file);
  } catch {
    return undefined;
  }
}

function findOnPath(program: string, searchPath: string | undefined): string | undefined {
  const folders = (searchPath ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const names = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'].map((ending) => program + ending) : [program];
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
