import type { WorkspaceInfo } from '../../workspace/state/info.ts';

/** The line between the progress and the prompt: where you are, and how another client gets here. */
export function describeArrival(info: WorkspaceInfo, localPort: number | undefined): string {
  const also = localPort === undefined ? '' : `  ssh elsewhere: port ${localPort} on 127.0.0.1`;
  return `\n${info.user}@${info.name}  leave: exit or ~.${also}\n\n`;
}
