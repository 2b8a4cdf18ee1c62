/** Workspaces of one name: only their releases tell them apart. */
import { enumerate } from '../workspace/errors/enumerate.ts';
import type { WorkspaceInfo } from '../workspace/state/info.ts';

type Named = Pick<WorkspaceInfo, 'name' | 'release' | 'otherReleases' | 'foreign'>;

/**
 * `dev`, or `dev (release one)` where another release has the name, too. The mark of the current one stands behind, so
 * that the name is the first word of its line whether it is marked or not.
 */
export function toRowName({ name, release, otherReleases, current = false }: Named & { current?: boolean }): string {
  return `${name}${otherReleases === undefined ? '' : ` (release ${release})`}${current ? ' *' : ''}`;
}

/** The release, with those that have a workspace of the same name. */
export function describeRelease({ name, release, otherReleases = [], foreign }: Named): string {
  if (foreign === true) return `none: Helm did not install it, and its objects are called ${release}`;
  if (otherReleases.length === 0) return release;
  const others = `${otherReleases.length === 1 ? 'release' : 'releases'} ${enumerate(otherReleases, 'and')}`;
  return `${release}; ${others} beside it ${otherReleases.length === 1 ? 'has' : 'have'} a workspace ${name}, too`;
}
