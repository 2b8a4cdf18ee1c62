import { releaseName } from '../contract/labels.ts';
import { toValues } from '../workspace/choices/values.ts';
import type { AmountChange, Quantities } from '../workspace/diagnosis/scene.ts';
import { countObjects } from '../workspace/diagnosis/words/counts.ts';
import { isSameAmount } from '../workspace/diagnosis/words/quantity.ts';
import type { InUse } from '../workspace/in-use.ts';
import { SOME_KEY } from '../workspace/keys/public-key.ts';
import type { Verified } from '../workspace/release/releases.ts';
import type { Operation } from '../workspace/state/events.ts';
import type { WorkspaceSnapshot } from '../workspace/state/snapshot.ts';
import type { World } from '../workspace/world.ts';
import { preflight } from './checks/preflight.ts';
import { describeNew, type NewWorkspace } from './choices/describe-new.ts';
import { type SettleRequest, settle } from './choices/settle.ts';
import { readInUse } from './metrics/read-in-use.ts';
import { compareRelease } from './release/compare-release.ts';
import { findAmounts, type TemplateVerdict } from './release/judge-change.ts';
import { findKept } from './release/kept.ts';
import { needsRelease } from './release/needs-release.ts';
import { isLessMemory, isResizeAllowed } from './release/resize.ts';
import { judge } from './release/restart.ts';
import { verifyPossible, verifyRoom } from './release/verify-possible.ts';
import { getNewBase } from './release/write-release.ts';

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
    const { values: base } = await getNewBase(valuesFiles, world);
    const values = toValues({ workspace, choices, authorizedKeys }, base);
    const verified = await world.releases.verify(release, values, valuesFiles, signal);
    const makes = describeNew({ release, settled, template: verified.template });
    const change = await countNew({ release, makes, ...verified }, world, signal);
    await verifyRoom({ workspace, found, change }, world, signal);
    return { ...plan, change: 'make', pod: 'none', inUse, makes };
  }
  const base = await world.releases.getBase(release, valuesFiles, signal);
  const size = found.home.kind === 'claim' ? found.home.claim.requested : undefined;
  const rewrite = { release, found, values: toValues({ workspace, choices }, base.values, size), valuesFiles };
  const compared = request.repair ? undefined : await compareRelease(rewrite, base, world, signal);
  if (compared?.isWritten === true) return nothing;
  const verdict = compared?.verdict ?? (await judge(rewrite, found.deployment.name, world, signal)).verdict;
  const change = found.deployment.replicas === 0 ? 'start' : 'write';
  if (found.pod === undefined)
    await verifyRoom({ workspace, found, change: toFirstPod(found, verdict) }, world, signal);
  if (!isRunning) return { ...plan, change, pod: 'none', inUse };
  return { ...plan, change, pod: await foresee(verdict, { workspace, found }, world, signal), inUse };
}

/** What a new workspace takes of quotas, but for what is kept of an earlier one and for Helm's own Secret. */
async function countNew(
  { release, makes, template, objects }: { release: string; makes: NewWorkspace } & Verified,
  world: World,
  signal: AbortSignal,
): Promise<AmountChange> {
  const kept = await findKept(release, world, signal);
  const isKept = { PersistentVolumeClaim: kept.claim !== undefined, Secret: kept.hostKey !== undefined };
  const kinds = objects.map(({ kind }) => kind);
  for (const [kind, is] of Object.entries(isKept)) if (is && kinds.includes(kind)) kinds.splice(kinds.indexOf(kind), 1);
  const { kind, size } = makes.home;
  const storage: Quantities = kind === 'new' && size !== undefined ? { 'requests.storage': size } : {};
  const counts = { ...countObjects([...kinds, 'ReplicaSet', 'Pod']), ...storage };
  return { from: {}, to: findAmounts(template) ?? {}, counts };
}

/** What a workspace without a pod takes of quotas when it gets one. */
function toFirstPod({ deployment }: WorkspaceSnapshot, verdict: TemplateVerdict): AmountChange {
  const { limits = {}, requests = {} } = deployment?.wants ?? {};
  const change = verdict.kind === 'resize' ? verdict : verdict.kind === 'restart' ? verdict.change : undefined;
  return { from: {}, to: change?.to ?? { limits, requests }, counts: countObjects(['Pod']) };
}

/** Throws what the cluster will say of amounts that it can be seen to refuse. */
async function foresee(
  verdict: TemplateVerdict,
  asked: { workspace: string; found: WorkspaceSnapshot },
  world: World,
  signal: AbortSignal,
): Promise<UpPlan['pod']> {
  if (verdict.kind === 'nothing') return 'stays';
  const isInPlace = verdict.kind === 'resize' && (await isResizeAllowed(world, signal));
  const change = verdict.kind === 'resize' ? verdict : verdict.change;
  if (change !== undefined)
    await verifyPossible({ ...asked, change: isInPlace ? pickChanged(change) : change }, world, signal);
  if (!isInPlace) return 'restart';
  return isLessMemory(verdict) ? 'resize-or-restart' : 'resize';
}

/** Of a pod that stays, nobody judges the amounts that stay. */
function pickChanged({ from, to }: AmountChange): AmountChange {
  const pick = (which: 'limits' | 'requests') =>
    Object.fromEntries(
      Object.entries(to[which] ?? {}).filter(([name, amount]) => !isSameAmount(from[which]?.[name], amount)),
    );
  return { from, to: { limits: pick('limits'), requests: pick('requests') } };
}
