/** Which files are the kubeconfig. Apart from what reads them, which is much to load for whoever asks this alone. */
import path from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface KubeconfigChoice {
  context?: string | undefined;
  namespace?: string | undefined;
  /** A file instead of KUBECONFIG and ~/.kube/config. */
  kubeconfig?: string | undefined;
  environment: Environment;
}

/** The files that are looked at, first wins. */
export function listFiles(choice: KubeconfigChoice): string[] {
  const { environment } = choice;
  if (choice.kubeconfig !== undefined) return [choice.kubeconfig];
  // A list that names nothing is a list: kubectl does not look at home then either.
  if (environment['KUBECONFIG'])
    return [...new Set(environment['KUBECONFIG'].split(path.delimiter).filter((file) => file !== ''))];
  const home = environment['HOME'] || environment['USERPROFILE'];
  return home === undefined ? [] : [path.join(home, '.kube', 'config')];
}
