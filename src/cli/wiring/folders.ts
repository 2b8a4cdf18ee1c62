/**
 * The user's home and the folder of `ws`, for all that may write there. A home that is not there is a typo, or an
 * account without one: a new folder of that name would take keys and pins that nobody looks for.
 */
import { neverMake } from '../../adapters/files/make-folder.ts';
import * as machine from '../terminal/machine.ts';

export function homeFolder(): string {
  const home = machine.homeFolder();
  neverMake(home);
  return home;
}

export function configFolder(): string {
  neverMake(machine.homeFolder());
  return machine.configFolder();
}
