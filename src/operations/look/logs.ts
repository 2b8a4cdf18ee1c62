import { failure } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { hasLog, type PodSnapshot, type WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { LogOptions, World } from '../../workspace/world.ts';
import { selectWorkspace } from '../checks/select-workspace.ts';

/** The server's log lines, oldest first. Throws `WORKSPACE_NOT_READY` when there is no container to read yet. */
export async function* logs(
  name: string | undefined,
  options: LogOptions,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<string, void, void> {
  const snapshot = await selectWorkspace(name, world, signal);
  if (snapshot.pod === undefined) {
    throw failure('WORKSPACE_NOT_READY', {
      message: `Workspace ${snapshot.name} has no pod to read logs from`,
      suggestions: [
        { ...ws`status`, workspace: snapshot.name },
        { ...ws`up`, workspace: snapshot.name },
      ],
    });
  }
  verifyLog(snapshot, snapshot.pod, options);
  yield* world.cluster.readLog(snapshot.pod.name, options, signal);
}

/** The API server has one code for all bad requests, so we check beforehand whether the container has a log. */
function verifyLog({ name }: WorkspaceSnapshot, shown: PodSnapshot, { previous }: LogOptions): void {
  const { name: pod, container } = shown;
  const hasRestarted = container !== undefined && container.restarts > 0;
  if (previous && !hasRestarted) {
    throw failure('WORKSPACE_NOT_READY', {
      message: `Workspace ${name} has no previous log`,
      reason: `The container of pod ${pod} has never been restarted, and the log of a pod that is gone went with it`,
      suggestions: [
        { ...ws`logs`, workspace: name, again: { without: ['previous'] } },
        { ...ws`status`, workspace: name },
      ],
    });
  }
  if (hasLog(shown)) return;
  throw failure('WORKSPACE_NOT_READY', {
    message: `Workspace ${name} has no log yet`,
    reason: `The container of pod ${pod} has not started${container?.reason === undefined ? '' : `: ${container.reason}`}`,
    suggestions: [
      { ...ws`status`, workspace: name },
      { ...ws`up`, workspace: name },
    ],
  });
}
