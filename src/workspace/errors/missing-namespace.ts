import { failure } from './errors.ts';
import { findNearest } from './nearest.ts';
import { again, kubectl, ws } from './suggestion.ts';

/** RFC 1123, section 2.1, as Kubernetes wants it of namespaces. */
const isNamespaceName = (text: string) => /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(text);

/** How many names are told, and how many lines lead to one of them. */
const SHOWN = 10;
const PROPOSED = 3;

/**
 * The error for a missing namespace. We raise it before we ask or change anything. `others` are those that there are;
 * undefined where they may not be listed. Without a workspace, no `ws up` is suggested. Unless a workspace `isWanted`
 * there, a look comes before it, and the line that was typed with a namespace that there is before both. Where the
 * workspace is to go, or to be made, no namespace but a near one is put into that line.
 */
export function namespaceMissing(workspace: string | undefined, namespace: string, others?: string[], isWanted = true) {
  const near = findNearest(namespace, others ?? []);
  const look = near === undefined ? [kubectl`get namespaces`] : [];
  const told = (others ?? []).filter((name) => !name.startsWith('kube-')).slice(0, SHOWN);
  const meant = near === undefined && !isWanted ? told.slice(0, PROPOSED) : [];
  const there = [
    ...(near === undefined ? [] : [again({ ...ws`ls`, place: { namespace: near } })]),
    ...meant.map((name) => {
      const line = { ...ws`ls`, place: { namespace: name } };
      return workspace === undefined ? line : again(line);
    }),
  ];
  const make = workspace === undefined ? [] : [{ ...ws`up --create-namespace`, workspace, place: { namespace } }];
  if (!isNamespaceName(namespace))
    return failure('NAMESPACE_MISSING', {
      message: `There is no namespace ${namespace}, and none can have this name`,
      reason: 'It has up to 63 lower-case letters, digits and -, and no - at its ends',
      suggestions: [...there, ...look],
    });
  return failure('NAMESPACE_MISSING', {
    message: `There is no namespace ${namespace}`,
    ...(told.length === 0 ? {} : { reason: `There is: ${told.join(', ')}${told.length === SHOWN ? ', …' : ''}` }),
    suggestions: [...there, ...(isWanted ? [...make, ...look] : [...look, ...make])],
  });
}
