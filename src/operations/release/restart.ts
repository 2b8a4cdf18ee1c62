import { hasCode } from '../../workspace/errors/errors.ts';
import type { InUse } from '../../workspace/in-use.ts';
import { movedOn } from '../../workspace/release/moved-on.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import type { Asker } from '../choices/asker.ts';
import { judgeChange, type TemplateVerdict } from './judge-change.ts';
import { isResizeAllowed, RESIZE_LIMIT_MS, resize, type Unresized } from './resize.ts';
import { verifyLeft } from './verify-left.ts';
import { verifyPossible } from './verify-possible.ts';

/** Who may say yes to a restart. */
export type RestartAsker = Pick<Asker, 'who' | 'agreeToRestart'>;

/** A write of a release that stands. */
export interface Rewrite {
  workspace: string;
  release: string;
  found: WorkspaceSnapshot;
  values: object;
  valuesFiles: string[];
  /** Whether CPU or memory may be what changes. */
  mayResize: boolean;
  /** What the write does to the pod, where that is known. */
  verdict?: TemplateVerdict | undefined;
  asker: RestartAsker;
  /** Throws `WORKSPACE_BUSY` when somebody else has written it since it was read. */
  verifyUnmoved?: () => Promise<void>;
}

/** What is left to be done for the pod around the write. */
export interface PodChange {
  /** After the write. */
  finish(): Promise<void>;
  /** After a write that failed, and was taken back unless it was interrupted. */
  undo(): Promise<void>;
  /** Whether the pod that runs has taken the change. */
  isInPlace: boolean;
}

/** Cleaning up has its own time, also after Ctrl-C. */
const LIMIT_MS = 10_000;

/**
 * Does in the running pod what can be done there, and else asks whether it may be restarted, where somebody may be
 * working in it.
 */
export async function* settlePod(
  rewrite: Rewrite,
  inUse: InUse,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, PodChange, void> {
  const { workspace, release, found, asker } = rewrite;
  const deployment = found.deployment?.name ?? release;
  const goOn = (keepPod: boolean) => world.cluster.pods.goOn(deployment, keepPod, AbortSignal.timeout(LIMIT_MS));
  const isHeld = found.deployment?.isHeld === true;
  if (isHeld) yield* verifyLeft(found, world, signal);
  const isWorth = inUse.kind !== 'nobody' || rewrite.mayResize || isHeld;
  // If it disturbs nobody, it need not wait for the answer.
  const verdict = rewrite.verdict ?? (isWorth ? (await judge(rewrite, deployment, world, signal)).verdict : RESTART);
  /** Said above the question, which would otherwise stand before it. */
  let reason: string | undefined;
  if (verdict.kind === 'resize' && found.pod !== undefined) {
    const { name } = found.pod;
    yield { type: 'started', step: 'release' };
    yield { type: 'advanced', step: 'release', fact: { kind: 'resizing', pod: name, limitMs: RESIZE_LIMIT_MS } };
    const isAllowed = await isResizeAllowed(world, signal);
    // Of two who change it at once, one goes first.
    if (isAllowed && !(await world.cluster.pods.holdRollout(deployment, { isLeft: isHeld }, signal)))
      throw movedOn({ workspace });
    const act = async () => {
      await rewrite.verifyUnmoved?.();
      return resize(name, verdict, world, signal);
    };
    const unresized: Unresized | undefined = isAllowed
      ? await whileHeld(act, () => goOn(true))
      : { why: 'you may not resize pods' };
    if (unresized === undefined) {
      const putBack = () => world.cluster.pods.resize(name, verdict.from, AbortSignal.timeout(LIMIT_MS));
      return {
        isInPlace: true,
        finish: () => goOn(true),
        async undo() {
          // What Helm was doing at a Ctrl-C is not known; the next ws up ends it.
          if (!signal.aborted) await putBack();
          await goOn(true);
        },
      };
    }
    const { why, refusal } = unresized;
    await verifyPossible({ workspace, found, change: verdict, refusal }, world, signal);
    // Nobody is asked whose yes was given before.
    const isAgreed = asker.who === 'defaults';
    const then = isAgreed ? '. It restarts, as --yes allows' : '';
    const text = `CPU and memory cannot change in the running pod: ${why}${then}`;
    if (!isAgreed && inUse.kind !== 'nobody') reason = text;
    else yield { type: 'noticed', level: isAgreed ? 'warning' : 'info', notice: { kind: 'text', text } };
  }
  if (verdict.kind === 'restart' && verdict.change !== undefined && found.pod !== undefined)
    await verifyPossible({ workspace, found, change: verdict.change }, world, signal);
  if (verdict.kind !== 'nothing' && inUse.kind !== 'nobody') await asker.agreeToRestart(workspace, inUse, reason);
  const finish = async () => {
    // An earlier ws that was killed has left it so.
    if (isHeld) await goOn(verdict.kind === 'nothing');
  };
  return { isInPlace: false, finish, undo: finish };
}

/** Lets go again unless that came to its end and there is nothing to say. */
async function whileHeld(act: () => Promise<Unresized | undefined>, letGo: () => Promise<void>) {
  let isDone = false;
  try {
    const found = await act();
    isDone = found === undefined;
    return found;
  } finally {
    if (!isDone) await letGo();
  }
}

const RESTART: TemplateVerdict = { kind: 'restart' };

export interface Judged {
  verdict: TemplateVerdict;
  /** All values that the release would have; undefined where that cannot be told. */
  values: object | undefined;
}

/** What the write does to the template of the pod. What cannot be told counts as a restart. */
export async function judge(
  { release, values, valuesFiles }: Pick<Rewrite, 'release' | 'values' | 'valuesFiles'>,
  deployment: string,
  world: World,
  signal: AbortSignal,
): Promise<Judged> {
  try {
    const preview = await world.releases.preview(release, values, { valuesFiles, deployment }, signal);
    const { before, after } = preview;
    if (after === undefined) return { verdict: RESTART, values: preview.values };
    // Somebody may have changed the Deployment itself: Helm puts back what its manifest says.
    const { now, then } = await world.cluster.pods.previewTemplate(deployment, after, signal);
    return { verdict: judgeChange([before, after], [now, then]), values: preview.values };
  } catch (error) {
    if (hasCode(error, 'WORKSPACE_BUSY', 'NOT_PERMITTED')) return { verdict: RESTART, values: undefined };
    throw error;
  }
}
