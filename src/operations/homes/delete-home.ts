import type { Finding } from '../../workspace/diagnosis/cause.ts';
import { findHold } from '../../workspace/diagnosis/causes/ending/ending.ts';
import { sceneOf } from '../../workspace/diagnosis/diagnosis.ts';
import { failure, WorkspaceError, withOutcome } from '../../workspace/errors/errors.ts';
import { kubectl } from '../../workspace/errors/suggestion.ts';
import { tellIfInterrupted, tellIfStopped, toToldInterruption } from '../../workspace/errors/tell-if-interrupted.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { World } from '../../workspace/world.ts';
import { forgetPins } from '../login/pins.ts';

/** How long a volume may take to be let go. */
const END_TIMEOUT_MS = 120_000;

/** After so long it is looked, and again each time, what holds it. */
const PATIENCE_MS = 20_000;

/** What is to go for good. */
export interface DoomedHome {
  workspace: string;
  claim: string | undefined;
  /** Name of the Secret. */
  hostKey: string | undefined;
}

/**
 * Deletes claim and host key and forgets the pin; returns the names of what went. Whoever calls has made sure that
 * nobody else uses it.
 */
export async function* deleteHome(
  { workspace, claim, hostKey }: DoomedHome,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, string[], void> {
  const deleted: string[] = [];
  if (claim !== undefined) {
    yield { type: 'started', step: 'home' };
    const retained = await findRetained(claim, world, signal);
    yield* deleteClaim(claim, workspace, world, signal);
    deleted.push(claim);
    yield { type: 'finished', step: 'home', fact: { kind: 'removed', what: 'claim', name: claim } };
    if (retained !== undefined)
      yield {
        type: 'noticed',
        level: 'warning',
        notice: {
          kind: 'text',
          text: describeRetained(retained),
          suggestion: { ...kubectl`describe pv ${retained}`, note: 'shows where' },
        },
      };
  }
  if (hostKey !== undefined) {
    yield { type: 'started', step: 'host-key-secret' };
    await deleteHostKey(hostKey, deleted, world, signal);
    deleted.push(hostKey);
    yield { type: 'finished', step: 'host-key-secret', fact: { kind: 'removed', what: 'Secret', name: hostKey } };
  }
  await tellIfInterrupted(`Deleted: ${deleted.join(', ')}. Its pin in known_hosts may still be there`, () =>
    forgetPins({ workspace, namespace: world.cluster.namespace }, world, signal),
  );
  return deleted;
}

/** It only tells: what cannot be asked must not stop a deletion. */
async function findRetained(claim: string, world: World, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await world.cluster.findRetainedVolume(claim, signal);
  } catch (error) {
    if (signal.aborted) throw toToldInterruption(error, 'Nothing of the home was deleted');
    return undefined;
  }
}

/** What will stay of a claim that is to be deleted, a sentence; none where nothing does, or nobody can tell. */
export async function tellRetained(claim: string | undefined, world: World, signal: AbortSignal): Promise<string[]> {
  const retained = claim === undefined ? undefined : await findRetained(claim, world, signal);
  return retained === undefined ? [] : [describeRetained(retained)];
}

function describeRetained(volume: string): string {
  return `The files stay on volume ${volume}: its reclaim policy is Retain`;
}

async function deleteHostKey(name: string, deleted: string[], world: World, signal: AbortSignal): Promise<void> {
  try {
    await world.cluster.deleteSecret(name, signal);
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    if (deleted.length === 0) throw toToldInterruption(error, `Whether the host key ${name} is deleted is not known`);
    throw withOutcome(error, `${deleted.join(', ')} is deleted; the host key and its pin are still there`);
  }
}

async function* deleteClaim(
  name: string,
  workspace: string,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, void, void> {
  await tellIfInterrupted(`Whether claim ${name} goes is not known; its host key stays`, () =>
    world.cluster.deleteClaim(name, signal),
  );
  yield* tellIfStopped(
    `Claim ${name} goes as soon as nothing uses it; the host key stays`,
    awaitEnd(name, workspace, world, signal),
  );
}

/** Waits until nothing uses the claim any more, and says which pod still does. */
async function* awaitEnd(
  name: string,
  workspace: string,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, void, void> {
  const begunMs = world.clock.nowMs();
  let lookAtMs = begunMs + PATIENCE_MS;
  let isSaid = false;
  while ((await world.cluster.findClaim(name, signal)) !== undefined) {
    const nowMs = world.clock.nowMs();
    if (!isSaid) {
      const pod = (await world.cluster.findWorkspace(workspace, signal))?.endingPods[0]?.name;
      if (pod !== undefined) yield { type: 'advanced', step: 'home', fact: { kind: 'terminating', pod } };
      isSaid = true;
    }
    if (nowMs >= lookAtMs) {
      lookAtMs = nowMs + PATIENCE_MS;
      const trouble = await findPodTrouble(workspace, world, signal);
      if (trouble?.waiting === 'useless' || nowMs > begunMs + END_TIMEOUT_MS) throw stillThere(name, trouble);
    }
    await world.clock.sleep(500, signal);
  }
}

/** What keeps the workspace's own pod, where that is what keeps the claim. */
async function findPodTrouble(workspace: string, world: World, signal: AbortSignal): Promise<Finding | undefined> {
  const found = await world.cluster.findWorkspace(workspace, signal);
  return found === undefined ? undefined : findHold(sceneOf(found));
}

function stillThere(claim: string, trouble: Finding | undefined) {
  return failure('HOME_IN_USE', {
    message: `Claim ${claim} does not go away`,
    reason: `It is marked for deletion, but a pod still uses it; Kubernetes deletes it when the last one ends${trouble === undefined ? '' : `. ${trouble.message}`}`,
    suggestions: [...(trouble?.suggestions ?? []), { ...kubectl`describe pvc ${claim}`, note: 'see "Used By"' }],
  });
}
