import { describeStop } from '../workspace/sleep/stop.ts';
import type { Pending } from '../workspace/state/cluster-words.ts';
import type { WorkspaceInfo } from '../workspace/state/info.ts';

const STATES: Record<WorkspaceInfo['state'], string> = {
  ready: 'ready',
  starting: 'starting',
  failing: 'failing',
  stopped: 'stopped',
  ending: 'ending',
  'kept-home': 'home kept',
  damaged: 'damaged',
};

const UNENDED: Record<Pending, string> = {
  'pending-install': 'making it',
  'pending-upgrade': 'changing it',
  'pending-rollback': 'changing it',
};

/** One that wakes by itself is asleep, in one word. */
export function nameState({ state, stopped, halfDown, unended }: WorkspaceInfo): string {
  if (halfDown === true) return 'half down';
  const word = stopped?.until === 'login' ? 'asleep' : STATES[state];
  return unended === undefined ? word : `${word}, unfinished`;
}

/** With who stopped it, and what starts it again. */
export function describeState(info: WorkspaceInfo): string {
  const { stopped } = info;
  if (info.halfDown === true) return `${nameState(info)}: taking it down has not ended; ws down finishes it`;
  if (info.unended !== undefined)
    return `${nameState(info)}: ${UNENDED[info.unended]} has not ended; ws up finishes it, unless Helm is still at work`;
  if (info.state === 'ready' && info.trouble?.code === 'AUTHORIZED_KEYS_UNUSABLE')
    return `${nameState(info)}, but no key opens it`;
  if (stopped === undefined) return nameState(info);
  const only =
    info.foreign === true ? 'only a scale to 1 starts it, as Helm did not install it' : 'only ws up starts it';
  const next = stopped.until === 'login' ? 'a login wakes it' : only;
  return `${nameState(info)}${describeStop(stopped)}; ${next}`;
}
