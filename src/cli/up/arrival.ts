import type { UpInfo } from '../../operations/up.ts';
import { toShellWord } from '../../workspace/errors/shell-words.ts';
import type { WorkspaceInfo } from '../../workspace/state/info.ts';

/**
 * The lines between the progress and the prompt: where you are, and how another client gets here. `stalePin` is the
 * name under which OpenSSH knows another key for that port, and `key` the file of one that it does not try by itself.
 */
export function describeArrival(
  { user, name }: WorkspaceInfo,
  localPort: number | undefined,
  { stalePin, key }: { stalePin?: string | undefined; key?: string | undefined } = {},
): string {
  const named = key === undefined ? '' : ` -i ${toShellWord(key)}`;
  const also = localPort === undefined ? '' : `  other ssh clients: ssh -p ${localPort}${named} ${user}@127.0.0.1\n`;
  const forget =
    stalePin === undefined ? '' : `  ssh knows an older host key there: ssh-keygen -R ${toShellWord(stalePin)}\n`;
  return `\n${user}@${name}  leave: exit or ~.\n${also}${forget}\n`;
}

/** That it is up, for somebody who does not enter it. */
export function describeUp({ name, restarted }: UpInfo): string {
  return `Workspace ${name} ${restarted ? 'restarted and is up' : 'is up'}`;
}
