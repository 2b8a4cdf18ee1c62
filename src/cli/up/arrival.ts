import type { UpInfo } from '../../operations/up.ts';
import type { WorkspaceInfo } from '../../workspace/state/info.ts';

/** The lines between the progress and the prompt: where you are, and how another client gets here. */
export function describeArrival({ user, name }: WorkspaceInfo, localPort: number | undefined): string {
  const also = localPort === undefined ? '' : `  other ssh clients: ssh -p ${localPort} ${user}@127.0.0.1\n`;
  return `\n${user}@${name}  leave: exit or ~.\n${also}\n`;
}

/** That it is up, for somebody who does not enter it. */
export function describeUp({ name, restarted }: UpInfo): string {
  return `Workspace ${name} ${restarted ? 'restarted and is up' : 'is up'}`;
}
