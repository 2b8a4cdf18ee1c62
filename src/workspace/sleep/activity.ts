/** Whether somebody or something works in a workspace, as its server says. */
import type { BusyReason } from '../../contract/metrics.ts';

export interface Activity {
  /** 0 as long as something works. */
  idleSeconds: number;
  /** What works; undefined when nothing does. */
  busy: BusyReason | undefined;
  /** Which one, where the reason is an agent. */
  agent: string | undefined;
  /** Until it sleeps, if nothing works in it from now on; undefined where nothing lets it. */
  sleepsInSeconds: number | undefined;
  /** Until it is stopped, whatever works in it; undefined where nothing stops it so. */
  stopsInSeconds: number | undefined;
  /** For how long somebody has said that it is held; undefined where nobody has, or nobody knows. */
  heldForSeconds: number | undefined;
}
