/** What a workspace was before a change that does not come up, as the line that makes it so again. */
import {
  type ChoiceName,
  type Choices,
  isUnchanged,
  suggestFlags,
  toFlagName,
} from '../../workspace/choices/chosen.ts';
import { writeToleration } from '../../workspace/choices/faults.ts';
import { isSameAmount } from '../../workspace/diagnosis/words/quantity.ts';
import { amended, hasCode, WorkspaceError } from '../../workspace/errors/errors.ts';
import type { Command } from '../../workspace/errors/suggestion.ts';
import { isSameImage } from '../../workspace/image-name.ts';
import type { DeploymentSnapshot, PodWants, WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

interface Started {
  workspace: string;
  /** What was there before this run wrote the release; undefined where it did not. */
  before: WorkspaceSnapshot | undefined;
  choices: Choices;
}

/**
 * The error of a start, with the line that puts the old values back before all else that may help. A start that chose
 * nothing may wait for what an earlier run has changed.
 */
export async function leadBack(
  error: unknown,
  { workspace, before, choices }: Started,
  world: World,
  signal: AbortSignal,
): Promise<unknown> {
  if (!hasCode(error, 'WORKSPACE_FAILED', 'WORKSPACE_NOT_READY')) return error;
  const back = isUnchanged(choices) ? await findEarlierWay(workspace, world, signal) : findWayBack(before, choices);
  return back === undefined ? error : withWayBack(error, back);
}

/** Undefined where nobody may look: it is one help of several. */
async function findEarlierWay(workspace: string, { cluster }: World, signal: AbortSignal) {
  try {
    const now = (await cluster.findWorkspace(workspace, signal))?.deployment;
    if (now === undefined) return undefined;
    const earlier = await cluster.pods.findEarlier(now.name, signal);
    return earlier.map((before) => suggestBack(workspace, before, toChoices(now))).find((back) => back !== undefined);
  } catch (error) {
    if (error instanceof WorkspaceError) return undefined;
    throw error;
  }
}

/** What a workspace is, as if all of it had been chosen. */
function toChoices({ user, uid, gid, image, wants }: DeploymentSnapshot): Choices {
  const { limits = {}, nodeSelector = {}, tolerations = [] } = wants ?? {};
  const named = tolerations.flatMap(({ key, ...rest }) => (key === undefined ? [] : [{ key, ...rest }]));
  const amounts = { cpu: limits['cpu'], memory: limits['memory'] };
  return { user, uid, gid, image, ...amounts, nodeSelector: Object.entries(nodeSelector), toleration: named };
}

function withWayBack(error: WorkspaceError, back: Command): WorkspaceError {
  const words = back.words.join(' ');
  const others = error.suggestions.filter((one) => !('words' in one) || one.words.join(' ') !== words);
  return amended(error, { suggestions: [back, ...others] });
}

/**
 * Undefined if nothing of it changed, or if the workspace did not work before either: nobody goes back to that. A
 * workspace that was stopped counts as one that worked.
 */
export function findWayBack(found: WorkspaceSnapshot | undefined, choices: Choices): Command | undefined {
  const { deployment, pod } = found ?? {};
  if (found === undefined || deployment === undefined) return undefined;
  return deployment.replicas === 0 || pod?.ready === true ? suggestBack(found.name, deployment, choices) : undefined;
}

function suggestBack(workspace: string, deployment: DeploymentSnapshot, choices: Choices): Command | undefined {
  const { wants, image } = deployment;
  const texts = [
    ...toOwner('user', deployment, choices),
    ...toOwner('uid', deployment, choices),
    ...toOwner('gid', deployment, choices),
    ...toImage(image, choices),
    ...toAmount('cpu', wants, choices),
    ...toAmount('memory', wants, choices),
    ...toSelector(wants, choices),
    ...toTolerations(wants, choices),
  ];
  if (texts.length === 0) return undefined;
  return {
    ...suggestFlags(texts),
    workspace,
    again: { without: texts.map(([name]) => toFlagName(name)).filter((name) => REPEATED.includes(name)) },
    note: 'is what it was before',
  };
}

/** Flags whose new values would stand beside the old ones. */
const REPEATED = ['node-selector', 'toleration'];

type Texts = (readonly [name: ChoiceName, text: string])[];

function toOwner(name: 'user' | 'uid' | 'gid', deployment: DeploymentSnapshot, choices: Choices): Texts {
  const [before, now] = [deployment[name], choices[name]];
  return now === undefined || before === undefined || before === now ? [] : [[name, String(before)]];
}

function toImage(before: string | undefined, { image }: Choices): Texts {
  return image === undefined || before === undefined || isSameImage(before, image) ? [] : [['image', before]];
}

function toAmount(name: 'cpu' | 'memory', wants: PodWants | undefined, choices: Choices): Texts {
  const [before, now] = [wants?.limits[name], choices[name]];
  return now === undefined || before === undefined || isSameAmount(before, now) ? [] : [[name, before]];
}

/** Labels that are named replace those from before, and '' stands for none. */
function toSelector(wants: PodWants | undefined, { nodeSelector }: Choices): Texts {
  if (wants === undefined || nodeSelector === undefined) return [];
  const before = Object.entries(wants.nodeSelector).map(([key, value]) => `${key}=${value}`);
  const now = nodeSelector.filter(([key]) => key !== '').map(([key, value]) => `${key}=${value}`);
  if (before.toSorted().join() === now.toSorted().join()) return [];
  return (before.length === 0 ? [''] : before).map((text) => ['nodeSelector', text] as const);
}

/** No flag says that there are none, and one too many keeps no pod from its node. */
function toTolerations(wants: PodWants | undefined, { toleration }: Choices): Texts {
  if (toleration === undefined) return [];
  const before = (wants?.tolerations ?? []).flatMap(({ key, ...rest }) =>
    key === undefined ? [] : [writeToleration({ key, ...rest })],
  );
  if (before.toSorted().join() === toleration.map(writeToleration).toSorted().join()) return [];
  return before.map((text) => ['toleration', text] as const);
}
