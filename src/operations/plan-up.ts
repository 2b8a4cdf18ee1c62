import { releaseName } from '../contract/labels.ts';
import { toValues } from '../workspace/choices/values.ts';
import type { InUse } from '../workspace/in-use.ts';
import type { Operation } from '../workspace/state/events.ts';
import type { World } from '../workspace/world.ts';
import { preflight } from './checks/preflight.ts';
import { describeNew, type NewWorkspace } from './choices/describe-new.ts';
import { type SettleRequest, settle } from './choices/settle.ts';
import { readInUse } from './metrics/read-in-use.ts';
import { compareRelease } from './release/compare-release.ts';
import type { TemplateVerdict } from './release/judge-change.ts';
import { needsRelease } from './release/needs-release.ts';
import { isLessMemory, isResizeAllowed } from './release/resize.ts';
import { judge } from './release/restart.ts';
import { SOME_KEY } from './release/some-key.ts';

export interface PlanRequest extends SettleRequest {
  valuesFiles: string[];
  repair: boolean;
}

/** What `ws up` would do, were it not for `--dry-run`. */
export interface UpPlan {
  workspace: string;
  release: string;
  change: 'nothing' | 'make' | 'start' | 'write';
  /** What becomes of a pod that runs. A resize that the node refuses turns into a restart, which is asked about. */
  pod: 'none' | 'stays' | 'resize' | 'resize-or-restart' | 'restart';
  inUse: InUse;
  /** The key that would be made first. */
  newKey: string | undefined;
  /** What a new workspace would be. */
  makes?: NewWorkspace;
}

/** Looks and checks as `up` does, lets Helm render what it would write, and changes nothing. */
export async function* planUp(request: PlanRequest, world: World, signal: AbortSignal): Operation<UpPlan> {
  const { workspace, valuesFiles } = request;
  const settled = yield* settle(request, world, signal);
  const { found, choices, authorizedKeys = [SOME_KEY], newKey } = settled;
  const release = found?.release || releaseName(workspace);
  const plan = { workspace, release, newKey: newKey?.path };
  const inUse: InUse = found === undefined ? { kind: 'nobody' } : await readInUse(found, world, signal);
  const isRunning = found?.pod?.container?.state === 'running';
  const nothing = { ...plan, change: 'nothing', pod: isRunning ? 'stays' : 'none', inUse } as const;
  if (!needsRelease(request, settled)) return nothing;
  yield { type: 'planned', workspace, steps: ['preflight'] };
  yield* preflight({ ...request, ...settled }, world, signal);
  if (found?.deployment === undefined) {
    const values = toValues({ workspace, choices, authorizedKeys });
    const template = await world.releases.verify(release, values, valuesFiles, signal);
    const makes = describeNew({ release, settled, template });
    return { ...plan, change: 'make', pod: 'none', inUse, makes };
  }
  const base = await world.releases.getBase(release, valuesFiles, signal);
  const size = found.home.kind === 'claim' ? found.home.claim.requested : undefined;
  const rewrite = { release, found, values: toValues({ workspace, choices }, base.values, size), valuesFiles };
  const compared = request.repair ? undefined : await compareRelease(rewrite, base, world, signal);
  if (compared?.isWritten === true) return nothing;
  const verdict = compared?.verdict ?? (await judge(rewrite, found.deployment.name, world, signal)).verdict;
  const change = found.deployment.replicas === 0 ? 'start' : 'write';
  if (!isRunning) return { ...plan, change, pod: 'none', inUse };
  return { ...plan, change, pod: await foresee(verdict, world, signal), inUse };
}

async function foresee(verdict: TemplateVerdict, world: World, signal: AbortSignal): Promise<UpPlan['pod']> {
  if (verdict.kind === 'nothing') return 'stays';
  if (verdict.kind === 'restart' || !(await isResizeAllowed(world, signal))) return 'restart';
  return isLessMemory(verdict) ? 'resize-or-restart' : 'resize';
}
