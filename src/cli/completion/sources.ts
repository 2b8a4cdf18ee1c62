/** What a word of a command line names, by the name of its flag or argument. */

import { ALL_SETTINGS, rowOf, toFlagName } from '../../workspace/choices/chosen.ts';
import { ITS_OWN_CLASS, NO_CLASS } from '../../workspace/choices/options.ts';
import { WAKE_RULES } from '../../workspace/sleep/waking.ts';

export interface Candidate {
  word: string;
  about: string;
}

/** Things that somebody has to be asked for: the cluster, the kubeconfig, a workspace. */
export type Source =
  | 'workspaces'
  | 'contexts'
  | 'namespaces'
  | 'storage-classes'
  | 'kept-homes'
  | 'authorized-keys'
  | 'listening-ports';

/** What may stand in a place: words that are known, files, or what a source lists; in this order. */
export interface Values {
  source?: Source;
  words?: readonly Candidate[];
  /** File names; only those that end so, where it says. */
  files?: { ending?: string };
}

const SETTINGS: Values = {
  words: ALL_SETTINGS.map((key) => ({ word: toFlagName(key), about: rowOf(key).setting?.about ?? '' })),
};

const CLASSES: Values = {
  source: 'storage-classes',
  words: [
    { word: ITS_OWN_CLASS, about: "the cluster's own" },
    { word: NO_CLASS, about: 'lost when the pod goes' },
  ],
};

/** Wherever the name occurs. */
const BY_NAME: Record<string, Values> = {
  workspace: { source: 'workspaces' },
  context: { source: 'contexts' },
  namespace: { source: 'namespaces' },
  'storage-class': CLASSES,
  identity: { files: {} },
  kubeconfig: { files: {} },
  values: { files: {} },
  wake: { words: WAKE_RULES.map((word) => ({ word, about: '' })) },
};

/** Arguments of one command. */
const BY_ARGUMENT: Record<string, Values> = {
  'homes rm home': { source: 'kept-homes' },
  'keys rm key': { source: 'authorized-keys' },
  'keys add key': { files: { ending: '.pub' } },
  'forward forwards': { source: 'listening-ports' },
  'config get key': SETTINGS,
  'config set key': SETTINGS,
  'config unset key': SETTINGS,
};

/** What a flag of this name takes; undefined where nobody can know. */
export function findFlagValues(name: string): Values | undefined {
  return BY_NAME[name];
}

/** The same of an argument. The value of a setting is that of its flag. */
export function findArgumentValues(command: string, name: string, before: readonly string[]): Values | undefined {
  if (command === 'config set' && name === 'value') return findFlagValues(before[0] ?? '');
  return BY_ARGUMENT[`${command} ${name}`] ?? BY_NAME[name];
}
