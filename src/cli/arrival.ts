import type { WorkspaceInfo } from '../workspace/info.ts';

/** The line between the progress and the prompt: where you are, and how another client gets here. */
export function describeArrival(info: WorkspaceInfo, localPort: number | undefined): string {
  const also = localPort === undefined ? '' : ` · for other ssh clients: 127.0.0.1:${localPort}`;
  return `Workspace ${info.name} as ${info.user}${also} · ~. at a line's start disconnects\n`;
}
