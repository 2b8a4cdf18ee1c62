import { DEFAULT_USER } from './names.ts';
import type { WorkspaceSnapshot } from './snapshot.ts';

/**
 * The command that takes up again what `ws down` leaves. A claim of the workspace's own is found by its label, with its
 * user; one that was brought along, and the folder of a shared one, have to be named.
 */
export function toResumeCommand({ name, home, deployment }: WorkspaceSnapshot): string {
  const words = ['ws', 'up', name];
  if (home.kind === 'claim') {
    const isOwn = home.claim.workspace === name;
    if (!isOwn) words.push('--home', home.claim.name);
    if (home.subPath !== undefined) words.push('--sub-path', home.subPath);
    const user = deployment?.user;
    if (!isOwn && user !== undefined && user !== DEFAULT_USER) words.push('--user', user);
  }
  return words.join(' ');
}
