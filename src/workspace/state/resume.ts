import type { Command } from '../errors/suggestion.ts';
import { DEFAULT_ID, DEFAULT_USER } from '../names.ts';
import type { WorkspaceSnapshot } from './snapshot.ts';

/**
 * The command that takes up again what `ws down` leaves. A claim of the workspace's own is found by its label and
 * remembers its user and folder; of one that was brought along, all has to be named, unless it is gone by now.
 */
export function toResumeCommand({ name, home, deployment }: WorkspaceSnapshot, gone: readonly string[] = []): Command {
  const words = ['up'];
  if (home.kind === 'claim' && home.claim.workspace !== name && !gone.includes(home.claim.name)) {
    words.push('--home', home.claim.name);
    if (home.subPath !== undefined) words.push('--sub-path', home.subPath);
    if (deployment?.user !== undefined && deployment.user !== DEFAULT_USER) words.push('--user', deployment.user);
    const { uid, gid } = deployment ?? {};
    if (uid !== undefined && uid !== DEFAULT_ID) words.push('--uid', String(uid));
    if (gid !== undefined && gid !== (uid ?? DEFAULT_ID)) words.push('--gid', String(gid));
  }
  return { program: 'ws', words, workspace: name };
}
