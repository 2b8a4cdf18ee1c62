import { failure } from '../workspace/errors.ts';
import type { LogOptions, World } from '../workspace/world.ts';
import { selectWorkspace } from './steps/select-workspace.ts';

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
      suggestions: [`ws status ${snapshot.name}`, `ws up ${snapshot.name}`],
    });
  }
  yield* world.cluster.readLog(snapshot.pod.name, options, signal);
}
