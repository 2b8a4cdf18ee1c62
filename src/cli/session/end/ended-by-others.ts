import { isAttached, type TmuxRequest } from '../words/tmux.ts';

/** 128 and SIGHUP, SIGKILL and SIGTERM: what programs end with when somebody else ends them. */
const ENDED_BY_OTHERS = [129, 137, 143];

/** Whether the cluster may know more of such an end. tmux's client has a status of its own for a lost terminal. */
export function isEndedByOthers(status: number, tmux: TmuxRequest | undefined): boolean {
  return ENDED_BY_OTHERS.includes(status) || (isAttached(tmux) && status === 1);
}
