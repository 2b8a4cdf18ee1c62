/** What `ws doctor` looks at. It must come about on a machine that has no kubeconfig. */
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { readOpenSsh } from '../../adapters/ssh/open-ssh.ts';
import type { DoctorWorld } from '../../operations/look/doctor.ts';
import { WorkspaceError } from '../../workspace/errors/errors.ts';
import { toSystemFailure } from '../../workspace/errors/foreign/system-failure.ts';
import type { Machine } from '../../workspace/machine.ts';
import type { Place } from '../../workspace/place.ts';
import { configFolder, findAccount, findOtherHome, homeFolder, listIgnored } from '../terminal/machine.ts';
import { openMachineParts, openWorld } from './world.ts';

export async function openDoctorWorld(place: Place): Promise<DoctorWorld> {
  const machine = toMachine();
  try {
    return { ...(await openWorld(place)), machine };
  } catch (thrown) {
    const error = toSystemFailure(thrown as Error);
    if (!(error instanceof WorkspaceError)) throw error;
    return { ...openMachineParts(place), machine, cluster: error };
  }
}

function toMachine(): Machine {
  const { env } = process;
  const account = findAccount();
  const folder = configFolder();
  return {
    account: {
      uid: process.getuid?.(),
      name: account?.username,
      home: homeFolder(),
      accountHome: findOtherHome() ?? homeFolder(),
    },
    ignoredVariables: listIgnored(),
    settingsFolder: { path: folder, fault: findWriteFault(folder) },
    termName: env.TERM,
    locale: findLocale(env),
    readOpenSsh: (signal) => readOpenSsh(env, signal),
  };
}

/** As POSIX has it: the first of these that is set and not empty. Windows and desktops of macOS set none. */
function findLocale(environment: NodeJS.ProcessEnv): Machine['locale'] {
  const variable = ['LC_ALL', 'LC_CTYPE', 'LANG'].find((name) => environment[name]);
  return variable === undefined ? undefined : { variable, value: environment[variable] ?? '' };
}

/**
 * A folder that is not there yet is made in the nearest one that is. It is tried there, because rights do not tell:
 * `/proc` takes no new folder even from root.
 */
function findWriteFault(folder: string): string | undefined {
  const nearest = existsSync(folder) ? folder : path.dirname(folder);
  if (!existsSync(nearest) && nearest !== folder) return findWriteFault(nearest);
  try {
    rmdirSync(mkdtempSync(path.join(nearest, '.ws-doctor-')));
    return undefined;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EROFS') return 'its file system is read-only';
    if (code === 'ENOTDIR') return `${nearest} is a file`;
    return ['EACCES', 'EPERM'].includes(code) ? 'you may not write there' : `no folder can be made in ${nearest}`;
  }
}
