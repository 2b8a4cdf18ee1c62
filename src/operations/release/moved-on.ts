/** Two people change one workspace at once: whoever comes second hears so, and takes nothing away from the first. */
import { failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/** Whoever holds a rollout resizes a pod and lets Helm write, which takes seconds. One that is left stands for ever. */
const LEFT_AFTER_MS = 10_000;

const LOOK_MS = 500;

export function movedOn(workspace: string): WorkspaceError {
  return failure('WORKSPACE_BUSY', {
    message: `Somebody else changes workspace ${workspace} at the same time`,
    reason: 'this run knows only what was before, and wrote nothing',
    suggestions: [
      { ...ws`up`, workspace, again: { verb: 'typed' }, note: 'again: on top of that change' },
      { ...ws`status`, workspace },
    ],
  });
}

/** Throws `WORKSPACE_BUSY` when the release has another newest revision than this one. */
export async function verifyUnmoved(
  { workspace, release, revision }: { workspace: string; release: string; revision: number },
  { releases }: World,
  signal: AbortSignal,
): Promise<void> {
  const now = await releases.find(release, signal);
  if (now !== undefined && now.revision !== revision) throw movedOn(workspace);
}

/** Returns when a hold was left by a `ws` that was killed. Throws `WORKSPACE_BUSY` when somebody is at work. */
export async function verifyLeft({ name }: WorkspaceSnapshot, world: World, signal: AbortSignal): Promise<void> {
  const endMs = world.clock.nowMs() + LEFT_AFTER_MS;
  while (world.clock.nowMs() < endMs) {
    await world.clock.sleep(LOOK_MS, signal);
    const now = await world.cluster.findWorkspace(name, signal);
    if (now?.deployment?.isHeld !== true) throw movedOn(name);
  }
}
