import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/**
 * Each new snapshot, and the last one again every second, so that patience runs out though nothing changes, and when
 * something else has happened.
 */
export async function* watchWithTicks(
  workspace: string,
  world: World,
  signal: AbortSignal,
  listElse: () => (Promise<void> | undefined)[],
): AsyncGenerator<WorkspaceSnapshot, void, void> {
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const snapshots = world.cluster.watchWorkspace(workspace, either)[Symbol.asyncIterator]();
  let last: WorkspaceSnapshot | undefined;
  let next = snapshots.next();
  try {
    while (true) {
      const tick = new AbortController();
      const first = await Promise.race([
        next,
        world.clock.sleep(1000, AbortSignal.any([either, tick.signal])).then(
          () => 'tick' as const,
          () => 'tick' as const,
        ),
        ...listElse()
          .filter((other) => other !== undefined)
          .map((other) => other.then(() => 'tick' as const)),
      ]);
      tick.abort();
      if (first === 'tick') {
        if (signal.aborted) return;
        if (last !== undefined) yield last;
        continue;
      }
      if (first.done === true) return;
      last = first.value;
      next = snapshots.next();
      yield last;
    }
  } finally {
    ended.abort();
    next.catch(() => undefined);
  }
}
