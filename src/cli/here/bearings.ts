import { applyBinding, type Binding } from '../../workspace/naming/binding.ts';
import type { Place } from '../../workspace/place.ts';
import type { FolderBinding } from './folder-binding.ts';

/** Where a command is: what words and environment say, and what the directory adds to that. */
export interface Bearings {
  given: Place;
  place: Place;
  /** The workspace that a command without a name means; undefined: the only one. */
  workspace: string | undefined;
  /** The directory's binding, if it counts here. */
  bound: FolderBinding | undefined;
  binding: Binding | undefined;
}

/** `named` is what words or environment name; where nobody has read them, the environment's. */
export function takeBearings(
  given: Place,
  folder: FolderBinding | undefined,
  named: string | undefined = process.env.WS_WORKSPACE,
): Bearings {
  const { place, workspace, isBound } = applyBinding(given, folder?.binding);
  const bound = isBound ? folder : undefined;
  return { given, place, workspace: named || workspace, bound, binding: bound?.binding };
}
