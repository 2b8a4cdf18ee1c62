import type { HomeChoice } from '../../../workspace/choices/home-choice.ts';
import type { Permission } from '../../../workspace/world.ts';
import { FORWARD } from './find-missing.ts';

/** What helm and `ws` will ask of the API server. `docs/operators.md` has the same as a Role. */
export function listPermissions(home: HomeChoice | undefined): Permission[] {
  const kinds: [string, string][] = [
    ['apps', 'deployments'],
    ['', 'services'],
    ['', 'secrets'],
    ['', 'configmaps'],
    ...(home?.kind === 'claim' ? ([['', 'persistentvolumeclaims']] as [string, string][]) : []),
  ];
  return [
    ...toWriting(kinds),
    { group: '', resource: 'pods', verb: 'list' },
    { group: '', resource: 'pods', verb: 'watch' },
    ...FORWARD,
  ];
}

/** What Helm does with objects of these kinds, each with its group. */
export function toWriting(kinds: [group: string, resource: string][]): Permission[] {
  return kinds.flatMap(([group, resource]) =>
    ['get', 'create', 'patch', 'delete'].map((verb) => ({ group, resource, verb })),
  );
}

export function tellMissing(missing: Permission[]): string {
  const words = missing.map(
    ({ verb, resource, subresource }) => `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`,
  );
  return `Missing: ${words.join(', ')}`;
}
