/**
 * What `ws doctor` knows of the image that `ws up` would use. No registry is asked: the nodes are who must reach it.
 */
import { advice } from '../../workspace/errors/suggestion.ts';
import { type ImageTraces, isSameImage } from '../../workspace/image-name.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import { good, type Judgement, warning } from './examine.ts';

export interface ImageChoice {
  name: string;
  /** Who chose it: `WS_IMAGE`, the settings; undefined for the chart's own, which nobody has published. */
  from: string | undefined;
}

const BUILD = advice('Build it, then push it or load it into the nodes: "The image" in the README says how');

export function judgeImage(
  { name, from }: ImageChoice,
  { nodes, refusal }: ImageTraces,
  workspaces: readonly WorkspaceSnapshot[],
): Judgement {
  const runs = workspaces.find(
    ({ pod }) => pod?.container?.state === 'running' && pod.image !== undefined && isSameImage(pod.image, name),
  );
  const of = from === undefined ? name : `${name} (${from})`;
  if (runs !== undefined) return good(`${of}; the workspace ${runs.name} runs it`);
  if (nodes !== undefined && nodes.having.length > 0)
    return good(`${of}; on ${nodes.having.length} of ${nodes.all} node${nodes.all === 1 ? '' : 's'}`);
  const seen =
    nodes === undefined ? 'whether a node has it cannot be seen without the right to list nodes' : 'no node reports it';
  if (refusal !== undefined) return warning(`${of}; a node could not pull it: ${refusal.said}`, BUILD);
  if (from === undefined) return warning(`${of}, which nobody has published; ${seen}`, BUILD);
  return warning(`${of}; ${seen}, so the first ws up shows whether they can pull it`);
}
