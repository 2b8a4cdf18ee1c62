import { describeStop } from '../workspace/sleep/stop.ts';
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

/** One that wakes by itself is asleep, in one word. */
export function nameState({ state, stopped, halfDown }: WorkspaceInfo): string {
  if (halfDown === true) return 'half down';
  return stopped?.until === 'login' ? 'asleep' : STATES[state];
}

/** With who stopped it, and what starts it again. */
export function describeState(info: WorkspaceInfo): string {
  const { stopped } = info;
  if (info.halfDown === true) return `${nameState(info)}: taking it down has not ended; ws down finishes it`;
  if (stopped === undefined) return nameState(info);
  const next = stopped.until === 'login' ? 'a login wakes it' : 'only ws up starts it';
  return `${nameState(info)}${describeStop(stopped)}; ${next}`;
}
