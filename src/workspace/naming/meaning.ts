/** What commands in a directory mean when they name nothing, and why. */

import type { WorkspaceState } from '../diagnosis/diagnosis.ts';
import type { Place } from '../place.ts';
import type { Binding } from './binding.ts';
import { type Absence, findAbsence, type Sight } from './sight.ts';

export type Cause = 'flag' | 'variable' | 'directory' | 'only one' | 'kubeconfig';

export interface Meaning {
  workspace: string | null;
  namespace: string | null;
  context: string | null;
  because: { workspace: Cause | null; namespace: Cause | null; context: Cause | null };
  /** The directory that `ws use` bound, where it has a part in this. */
  bound: string | null;
  /** `absent`: there is none of this name; null: nobody could be asked, or none is meant. */
  state: WorkspaceState | 'absent' | null;
  /** What a person reads besides; null where the workspace is there. */
  problem: Absence | null;
}

/** What may name a part of it, what counts first first. */
export interface Sources {
  flags: Partial<Place>;
  variables: { workspace?: string | undefined; context?: string | undefined; namespace?: string | undefined };
  bound: { folder: string; binding: Binding } | undefined;
}

/** `place` is what all of them come to, as the cluster's client has it; undefined where there is none. */
export function toMeaning(
  { flags, variables, bound }: Sources,
  place: { context: string; namespace: string } | undefined,
  sight: Sight,
): Meaning {
  const { binding } = bound ?? {};
  const { context = binding?.context ?? null, namespace = binding?.namespace ?? null } = place ?? {};
  const causeOf = (name: 'context' | 'namespace'): Cause => {
    if (flags[name] !== undefined) return 'flag';
    if (variables[name] !== undefined) return 'variable';
    return binding?.[name] === undefined ? 'kubeconfig' : 'directory';
  };
  const said = variables.workspace ?? (isNamesake(flags, variables, binding) ? undefined : binding?.workspace);
  const name = sight.kind === 'there' ? sight.name : said;
  const isAbsent = (sight.kind === 'absent' || sight.kind === 'nowhere') && said !== undefined;
  const cause = said === undefined ? 'only one' : variables.workspace === undefined ? 'directory' : 'variable';
  return {
    workspace: name ?? null,
    namespace,
    context,
    because: {
      workspace: name === undefined ? null : cause,
      namespace: namespace === null ? null : causeOf('namespace'),
      context: context === null ? null : causeOf('context'),
    },
    bound: bound?.folder ?? null,
    state: sight.kind === 'there' ? sight.state : isAbsent ? 'absent' : null,
    problem: findAbsence(sight) ?? null,
  };
}

/** Another namespace than the bound one leaves out the name. */
function isNamesake(flags: Partial<Place>, variables: Sources['variables'], binding: Binding | undefined): boolean {
  const namespace = flags.namespace ?? variables.namespace;
  return namespace !== undefined && binding?.namespace !== undefined && namespace !== binding.namespace;
}
