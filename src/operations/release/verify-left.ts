import { ws } from '../../workspace/errors/suggestion.ts';
import { movedOn } from '../../workspace/release/moved-on.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import { toPassed } from '../../workspace/state/info.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/** Whoever holds a rollout resizes a pod and lets Helm write, which takes seconds. One that is left stands for ever. */
const LEFT_AFTER_MS = 10_000;

/** Most are done sooner, and whoever waits longer hears why. */
const TOLD_AFTER_MS = 2000;

const LOOK_MS = 500;

/** Returns when a hold was left by a `ws` that was killed. Throws `WORKSPACE_BUSY` when somebody is at work. */
export async function* verifyLeft(
  { name }: WorkspaceSnapshot,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, void, void> {
  const startMs = world.clock.nowMs();
  let isTold = false;
  while (world.clock.nowMs() < startMs + LEFT_AFTER_MS) {
    await world.clock.sleep(LOOK_MS, signal);
    const now = await world.cluster.findWorkspace(name, signal);
    if (now?.deployment?.isHeld !== true) throw movedOn({ workspace: name });
    if (isTold || world.clock.nowMs() < startMs + TOLD_AFTER_MS) continue;
    isTold = true;
    yield { type: 'noticed', level: 'warning', notice: tellWait(name) };
  }
  if (isTold) yield { type: 'noticed', level: 'info', notice: toPassed(tellWait(name)) };
}

function tellWait(workspace: string) {
  return {
    ...({ kind: 'trouble', code: 'WORKSPACE_BUSY', reason: 'held' } as const),
    message: `a change of workspace ${workspace} has not ended, and ws waits for up to ${LEFT_AFTER_MS / 1000} s`,
    evidence: ['Its Deployment is held, by a ws that is at work or by one that was killed'],
    suggestion: { ...ws`status`, workspace, note: 'shows what is so now' },
  };
}
