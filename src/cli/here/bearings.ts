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

export function takeBearings(given: Place, folder: FolderBinding | undefined): Bearings {
  const { place, workspace, isBound } = applyBinding(given, folder?.binding);
  const bound = isBound ? folder : undefined;
  return { given, place, workspace: process.env.WS_WORKSPACE || workspace, bound, binding: bound?.binding };
}
