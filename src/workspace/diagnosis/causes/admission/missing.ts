/** A values file names something of the cluster that is not there, or the namespace itself goes. */
import { advice, kubectl, type Suggestion } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';
import { findRefusal } from '../../parts.ts';

interface Kind {
  code: string;
  title: string;
  looksLike: string;
  help: string;
  /** As the admission says it; the name is what is missing. */
  words: RegExp;
  tell(name: string): string;
  suggestions: Suggestion[];
}

const KINDS: Kind[] = [
  {
    code: 'SERVICE_ACCOUNT_MISSING',
    title: 'The service account of the values file is not there',
    looksLike: 'No pod is made; `kubectl describe replicaset` says "error looking up service account".',
    help: 'Change `serviceAccountName` in the values file, or make the account.',
    words:
      /error looking up service account [^\s/]{1,63}\/(?<name>[-a-z0-9.]{1,253}): serviceaccount "[^"]{1,253}" not found/,
    tell: (name) => `A values file names service account ${name}, and this namespace has none of that name`,
    suggestions: [
      { ...kubectl`get serviceaccounts`, note: 'shows those that are there' },
      advice('Change serviceAccountName in the values file, or leave it out'),
    ],
  },
  {
    code: 'PRIORITY_CLASS_MISSING',
    title: 'The priority class of the values file is not there',
    looksLike: 'No pod is made; `kubectl describe replicaset` says "no PriorityClass with name".',
    help: 'Change `priorityClassName` in the values file to one that the cluster has.',
    words: /no PriorityClass with name (?<name>[-a-z0-9.]{1,253}) was found/,
    tell: (name) => `A values file names priority class ${name}, and the cluster has none of that name`,
    suggestions: [
      { ...kubectl`get priorityclasses`, note: 'shows those that are there' },
      advice('Change priorityClassName in the values file, or leave it out'),
    ],
  },
  {
    code: 'RUNTIME_CLASS_MISSING',
    title: 'The runtime class of the values file is not there',
    looksLike: 'No pod is made; `kubectl describe replicaset` says "RuntimeClass … not found".',
    help: 'Change `runtimeClassName` in the values file to one that the cluster has.',
    words: /pod rejected: RuntimeClass "(?<name>[-a-z0-9.]{1,253})" not found/,
    tell: (name) => `A values file names runtime class ${name}, and the cluster has none of that name`,
    suggestions: [
      { ...kubectl`get runtimeclasses`, note: 'shows those that are there' },
      advice('Change runtimeClassName in the values file, or leave it out'),
    ],
  },
  {
    code: 'NAMESPACE_ENDING',
    title: 'The namespace is being deleted',
    looksLike: 'Nothing is made any more; the refusal says "because it is being terminated".',
    help: 'Wait until it is gone, or use another namespace: `--namespace NAME`.',
    words: /unable to create new content in namespace (?<name>[-a-z0-9]{1,63}) because it is being terminated/,
    tell: (name) => `Namespace ${name} is being deleted, and nothing new may be made in it`,
    suggestions: [advice('Wait until the namespace is gone, or use another one with --namespace')],
  },
];

export const MISSING: Cause[] = KINDS.map(({ code, title, looksLike, help, words, tell, suggestions }) => ({
  ...{ code, title, looksLike, help, group: 'admission', waiting: 'useless' },
  find: (scene) => {
    const refusal = findRefusal(scene) ?? '';
    const name = words.exec(refusal)?.groups?.['name'];
    if (name === undefined) return [];
    return [{ reason: 'FailedCreate', message: tell(name), evidence: [refusal], suggestions, unseen: [] }];
  },
}));
