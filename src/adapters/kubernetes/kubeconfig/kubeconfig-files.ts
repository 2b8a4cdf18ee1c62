/** Which files are the kubeconfig. Apart from what reads them, which is much to load for whoever asks this alone. */
import path from 'node:path';
import type { Place } from '../../../workspace/place.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A place as one environment understands it. */
export interface PlaceInEnvironment extends Partial<Place> {
  environment: Environment;
}

/** The files that are looked at, first wins. */
export function listFiles({ kubeconfig, environment }: PlaceInEnvironment): string[] {
  if (kubeconfig !== undefined) return [kubeconfig];
  // A list that names nothing is a list: kubectl does not look at home then either.
  if (environment['KUBECONFIG'])
    return [...new Set(environment['KUBECONFIG'].split(path.delimiter).filter((file) => file !== ''))];
  const home = environment['HOME'] || environment['USERPROFILE'];
  return home === undefined ? [] : [path.join(home, '.kube', 'config')];
}
