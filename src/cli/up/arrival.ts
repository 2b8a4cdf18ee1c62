import type { UpInfo } from '../../operations/up.ts';
import { leadTo } from '../../report/notes.ts';
import { toShellWord } from '../../workspace/errors/shell-words.ts';
import type { WorkspaceInfo } from '../../workspace/state/info.ts';

/**
 * The lines between the progress and the prompt: where you are, and how another client gets here. `stalePin` is the
 * name under which OpenSSH knows another key for that port, and `key` the file of one that it does not try by itself.
 */
export function describeArrival(
  { user, name }: WorkspaceInfo,
  localPort: number | undefined,
  {
    stalePin,
    key,
    columns,
  }: { stalePin?: string | undefined; key?: string | undefined; columns?: number | undefined } = {},
): string {
  const named = key === undefined ? '' : ` -i ${toShellWord(key)}`;
  const login = `ssh -p ${localPort}${named} ${user}@127.0.0.1`;
  const forget = `ssh-keygen -R ${toShellWord(stalePin ?? '')}`;
  const lines = [
    `${user}@${name}  leave: exit or ~.`,
    ...(localPort === undefined ? [] : leadTo('  other ssh clients', login, columns)),
    ...(stalePin === undefined ? [] : leadTo('  ssh knows an older host key there', forget, columns)),
  ];
  return `\n${lines.join('\n')}\n\n`;
}

/** That it is up, for somebody who does not enter it. */
export function describeUp({ name, restarted }: UpInfo): string {
  return `Workspace ${name} ${restarted ? 'restarted and is up' : 'is up'}`;
}
