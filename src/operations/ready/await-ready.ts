import type { Duplex } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { diagnose } from '../../workspace/diagnosis/diagnosis.ts';
import type { Trouble } from '../../workspace/diagnosis/trouble.ts';
import { failure, interrupted } from '../../workspace/errors/errors.ts';
import { again, ws } from '../../workspace/errors/suggestion.ts';
import { type Endpoint, toEndpoint, toStartingEndpoint } from '../../workspace/state/endpoint.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { Knocking } from './knocking.ts';
import { Overdue } from './overdue.ts';

/** How long lasting trouble may go on before we give up, in milliseconds. */
const PATIENCE_MS = 20_000;

export interface ReadyWorkspace<Begun = undefined> {
  snapshot: WorkspaceSnapshot;
  endpoint: Endpoint;
  /** A stream to the SSH server, which has greeted; only with `early`. The caller closes it. */
  stream?: Duplex;
  /** The result of `begin`, which ran as soon as we knew where the server would be. */
  begun?: Begun;
}

export interface Wait {
  workspace: string;
  timeoutMs: number;
  /** A server that greets is enough: Kubernetes may take a second or two more to call its pod ready. */
  early: boolean;
}

/**
 * Watches the workspace until its pod is ready, saying each change and the first sign of trouble at once.
 * `begin` is called once, when it is known where the server will be: what a login needs besides can be got meanwhile.
 * Throws `WORKSPACE_FAILED` when lasting trouble outlives a short patience, `WORKSPACE_NOT_READY` after `timeoutMs`.
 */
export async function* awaitReady<Begun = undefined>(
  { workspace, timeoutMs, early }: Wait,
  world: World,
  signal: AbortSignal,
  begin?: (endpoint: Endpoint) => Begun,
): AsyncGenerator<ProgressEvent, ReadyWorkspace<Begun>, void> {
  const limit = AbortSignal.timeout(timeoutMs);
  const startedAtMs = world.clock.nowMs();
  let said: string | undefined;
  let trouble: (Trouble & { sinceMs: number }) | undefined;
  let knocking: Knocking | undefined;
  let begun: { begun?: Begun } | undefined;
  const overdue = new Overdue();
  const ticking = watchWithTicks(workspace, world, AbortSignal.any([signal, limit]), () => knocking?.greeted);
  try {
    for await (const snapshot of ticking) {
      const found = diagnose(snapshot);
      const diagnosis = { ...found, trouble: found.trouble ?? overdue.judge(snapshot, world.clock.nowMs()) };
      const key = JSON.stringify([diagnosis.fact, diagnosis.trouble]);
      if (key !== said) {
        said = key;
        yield { type: 'advanced', step: 'ready', fact: diagnosis.fact };
        if (diagnosis.trouble !== undefined && !isSame(diagnosis.trouble, trouble)) {
          const { reason, message, suggestion } = diagnosis.trouble;
          yield { type: 'noticed', level: 'warning', notice: { kind: 'trouble', reason, message, suggestion } };
        }
      }
      const starting = toStartingEndpoint(snapshot);
      if (starting !== undefined) begun ??= begin === undefined ? {} : { begun: begin(starting) };
      const endpoint = diagnosis.state === 'ready' ? toEndpoint(snapshot) : undefined;
      if (endpoint !== undefined) return { snapshot, endpoint, ...begun };
      if (early && diagnosis.fact.kind === 'probing' && starting !== undefined) {
        knocking ??= new Knocking(starting, world);
        const stream = knocking.take();
        if (stream !== undefined) return { snapshot, endpoint: starting, stream, ...begun };
      }
      trouble = ageTrouble(trouble, diagnosis.trouble, world.clock.nowMs());
      if (trouble?.nature === 'lasting' && world.clock.nowMs() - trouble.sinceMs >= PATIENCE_MS) {
        throw toFailure(workspace, trouble);
      }
    }
  } catch (error) {
    if (!limit.aborted || signal.aborted) throw error;
  } finally {
    knocking?.stop();
  }
  if (signal.aborted) throw interrupted();
  const seconds = Math.round((world.clock.nowMs() - startedAtMs) / 1000);
  throw failure('WORKSPACE_NOT_READY', {
    message: `Workspace ${workspace} was not ready after ${seconds} s`,
    ...(trouble === undefined ? {} : { reason: trouble.message }),
    suggestions: [
      ...(trouble?.suggestion === undefined ? [] : [trouble.suggestion]),
      { ...ws`status`, workspace },
      again({ ...ws`up --wait-timeout 30m`, workspace }),
    ],
  });
}

/**
 * Each new snapshot, and the last one again every second, so that patience runs out though nothing changes, and when
 * something else has happened.
 */
async function* watchWithTicks(
  workspace: string,
  world: World,
  signal: AbortSignal,
  findElse: () => Promise<void> | undefined,
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
        findElse()?.then(() => 'tick' as const) ?? new Promise<never>(() => undefined),
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

/** ErrImagePull and ImagePullBackOff take turns, and what helps is the same: people hear of it once. */
function isSame(now: Trouble, before: Trouble | undefined): boolean {
  return (
    before !== undefined &&
    (now.reason === before.reason ||
      (now.suggestion !== undefined && isDeepStrictEqual(now.suggestion, before.suggestion)))
  );
}

function ageTrouble(before: (Trouble & { sinceMs: number }) | undefined, now: Trouble | undefined, nowMs: number) {
  if (now === undefined) return undefined;
  const same = before !== undefined && before.nature === now.nature;
  return { ...now, sinceMs: same ? before.sinceMs : nowMs };
}

function toFailure(workspace: string, trouble: Trouble) {
  return failure('WORKSPACE_FAILED', {
    message: `Workspace ${workspace} cannot start: ${trouble.reason}`,
    reason: trouble.message,
    suggestions: [
      ...(trouble.suggestion === undefined ? [] : [trouble.suggestion]),
      { ...ws`status`, workspace },
      { ...ws`logs`, workspace },
    ],
  });
}
