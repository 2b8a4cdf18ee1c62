import { isUnchanged } from '../../workspace/choices/chosen.ts';
import type { Settled } from '../choices/settle.ts';

/** Whether the release has to be written: a workspace that stands, and of which nothing was chosen, is left alone. */
export function needsRelease(
  { valuesFiles, repair }: { valuesFiles: string[]; repair: boolean },
  { found, choices }: Settled,
): boolean {
  const isStanding = found?.deployment !== undefined && found.deployment.replicas > 0;
  return repair || !isStanding || found.deployment?.isHeld === true || !isUnchanged(choices) || valuesFiles.length > 0;
}
