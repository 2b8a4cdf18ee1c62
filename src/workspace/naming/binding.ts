/** The workspace of a directory, as `ws use` wrote it down: where it is, and its name. */
import { isPrintable } from '../errors/printable.ts';
import type { Place } from '../place.ts';
import { parseWorkspaceLabel } from '../state/cluster-words.ts';

/** What was not known when it was written is undefined: the kubeconfig says it then, each time. */
export interface Binding {
  workspace: string;
  context?: string | undefined;
  namespace?: string | undefined;
  kubeconfig?: string | undefined;
}

/** What is meant here, after flags, variables and the directory. */
export interface Meant {
  place: Place;
  /** Undefined: the only one that is there. */
  workspace: string | undefined;
  /** Whether the directory's binding counts here. */
  isBound: boolean;
}

/** A binding of the settings' file: `ws` 0.1 wrote the name alone. Undefined for anything else. */
export function parseBinding(value: unknown): Binding | undefined {
  if (typeof value === 'string') return parseBinding({ workspace: value });
  if (typeof value !== 'object' || value === null) return undefined;
  const { context, namespace, kubeconfig, ...rest } = value as Record<string, unknown>;
  const workspace = parseWorkspaceLabel(rest['workspace']);
  if (workspace === undefined || ![context, namespace, kubeconfig].every(isTextOrNone)) return undefined;
  return { workspace, context, namespace, kubeconfig } as Binding;
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value !== '' && isPrintable(value));
}

/**
 * What a directory's binding adds to what flags and variables say, which count before it. It names one workspace in one
 * namespace of one context: another context or kubeconfig leaves it out altogether, because its namespace means nothing
 * there; another namespace leaves out its name. So a flag never leads to a place that nobody has named.
 */
export function applyBinding(given: Place, binding: Binding | undefined): Meant {
  if (binding === undefined || isElsewhere(given, binding))
    return { place: given, workspace: undefined, isBound: false };
  const place = {
    context: given.context ?? binding.context,
    namespace: given.namespace ?? binding.namespace,
    kubeconfig: given.kubeconfig ?? binding.kubeconfig,
  };
  const isNamesake = isOther(given.namespace, binding.namespace);
  return { place, workspace: isNamesake ? undefined : binding.workspace, isBound: true };
}

function isElsewhere({ context, kubeconfig }: Place, binding: Binding): boolean {
  // A name alone, without any place, is a name everywhere.
  if (binding.context === undefined && binding.namespace === undefined && binding.kubeconfig === undefined)
    return false;
  return (kubeconfig !== undefined && kubeconfig !== binding.kubeconfig) || isOther(context, binding.context);
}

function isOther(given: string | undefined, bound: string | undefined): boolean {
  return given !== undefined && bound !== undefined && given !== bound;
}
