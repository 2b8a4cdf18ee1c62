import type { Duplex } from 'node:stream';
import { type Found, listLines, toBecause } from '../../workspace/diagnosis/cause.ts';
import { failure, hasCode } from '../../workspace/errors/errors.ts';
import { again, ws } from '../../workspace/errors/suggestion.ts';
import { type Endpoint, toEndpoint, toStartingEndpoint } from '../../workspace/state/endpoint.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import { toPassed, toTrouble } from '../../workspace/state/info.ts';
import { hasLog, type WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { Absence } from './absence.ts';
import { Judge } from './judge.ts';
import { Knocking } from './knocking.ts';
import { watchWithTicks } from './watch-with-ticks.ts';

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
 * Watches the workspace until its pod is ready, and says each change, and each cause of trouble that lasts, once.
 * `begin` is called once, when it is known where the server will be: what a login needs besides can be got meanwhile.
 * Throws `WORKSPACE_FAILED` as soon as waiting cannot help, `WORKSPACE_MISSING` or
 * `WORKSPACE_STOPPED` where somebody did that to it meanwhile, and `WORKSPACE_NOT_READY` after `timeoutMs`.
 */
export async function* awaitReady<Begun = undefined>(
  { workspace, timeoutMs, early }: Wait,
  world: World,
  signal: AbortSignal,
  begin?: (endpoint: Endpoint) => Begun,
): AsyncGenerator<ProgressEvent, ReadyWorkspace<Begun>, void> {
  const limit = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, limit]);
  const startedAtMs = world.clock.nowMs();
  const judge = new Judge(world, either);
  const absence = new Absence(world, either);
  let said: string | undefined;
  let knocking: Knocking | undefined;
  let begun: { begun?: Begun } | undefined;
  const ticking = watchWithTicks(workspace, world, either, () => [knocking?.greeted, judge.looked]);
  try {
    for await (const snapshot of ticking) {
      const { state, fact, told, passed, hopeless } = judge.judge(snapshot);
      const key = JSON.stringify(fact);
      if (key !== said) {
        said = key;
        yield { type: 'advanced', step: 'ready', fact };
      }
      yield* tellPassed(passed);
      const starting = toStartingEndpoint(snapshot);
      if (starting !== undefined) begun ??= begin === undefined ? {} : { begun: begin(starting) };
      const endpoint = state === 'ready' ? toEndpoint(snapshot) : undefined;
      // The error that ends the wait says all of them.
      for (const found of hopeless === undefined || endpoint !== undefined ? told : [])
        yield { type: 'noticed', level: 'warning', notice: { kind: 'trouble', ...toTrouble(found) } };
      if (endpoint !== undefined) return { snapshot, endpoint, ...begun };
      if (early && fact.kind === 'probing' && starting !== undefined) {
        knocking ??= new Knocking(starting, world);
        const stream = knocking.take();
        if (stream !== undefined) yield* tellPassed(judge.takePassed());
        if (stream !== undefined) return { snapshot, endpoint: starting, stream, ...begun };
      }
      await absence.verifyThere(snapshot);
      if (hopeless !== undefined) throw toFailure(snapshot, hopeless);
    }
  } catch (error) {
    if (signal.aborted ? !hasCode(error, 'INTERRUPTED') : !limit.aborted) throw error;
  } finally {
    knocking?.stop();
  }
  if (signal.aborted) throw absence.toInterruption(workspace);
  const seconds = Math.round((world.clock.nowMs() - startedAtMs) / 1000);
  const causes = judge.last;
  // A short limit comes before a cause has lasted, and then the same one ends the next wait.
  const isHopeless = causes.some(({ waiting }) => waiting === 'useless');
  throw failure('WORKSPACE_NOT_READY', {
    message: `Workspace ${workspace} was not ready after ${seconds} s`,
    reason: describe(causes),
    suggestions: [
      ...causes.flatMap(({ suggestions: [first] }) => first ?? []),
      { ...ws`status`, workspace },
      ...(isHopeless ? [] : [again({ ...ws`up --wait-timeout 30m`, workspace })]),
    ],
    because: toBecause(causes),
  });
}

function* tellPassed(passed: Found[]): Generator<ProgressEvent, void, void> {
  for (const found of passed) yield { type: 'noticed', level: 'info', notice: toPassed(found) };
}

/** Each cause, with what it is known by below it. */
function describe(causes: Found[]): string {
  return causes
    .flatMap(listLines)
    .filter((line, index, lines) => lines.indexOf(line) === index)
    .join('\n');
}

function toFailure({ name: workspace, pod }: WorkspaceSnapshot, causes: Found[]) {
  const [nearest] = causes;
  return failure('WORKSPACE_FAILED', {
    message: `Workspace ${workspace} cannot start: ${nearest?.reason ?? 'Failed'}`,
    reason: describe(causes),
    suggestions: [
      ...(nearest?.suggestions ?? []),
      ...causes.slice(1).flatMap(({ suggestions: [first] }) => first ?? []),
      { ...ws`status`, workspace },
      ...(pod !== undefined && hasLog(pod) ? [{ ...ws`logs`, workspace }] : []),
    ],
    because: toBecause(causes),
  });
}
