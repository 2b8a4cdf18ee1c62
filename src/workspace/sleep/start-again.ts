/** What starts a stopped workspace again. */
import { type Command, kubectl, ws } from '../errors/suggestion.ts';
import type { WorkspaceSnapshot } from '../state/snapshot.ts';

/** `ws up`, or kubectl where Helm has not installed it: `ws up` would be refused there. */
export function toStart({ name, deployment }: WorkspaceSnapshot): Command {
  return deployment?.isForeign === true ? toScaleUp(deployment.name) : { ...ws`up`, workspace: name };
}

/** What starts a workspace whose release nobody has. */
export function toScaleUp(deployment: string): Command {
  return kubectl`scale deployment/${deployment} --replicas=1`;
}
