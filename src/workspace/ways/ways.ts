/** The ways on which bytes reach a pod, and what is said of the one that was taken. */

/** In the order in which they are tried: a WebSocket port-forward, one over SPDY, a relay in the container. */
export type Way = 'websocket' | 'spdy' | 'exec';

/** A way, and why it was none. */
export interface WayNotTaken {
  way: Way;
  why: string;
}

export interface WayTaken {
  way: Way;
  /** Those that are tried before it. */
  instead: WayNotTaken[];
  /** It was the way there before, and is taken without another look at the others. */
  isRemembered: boolean;
}

const NAMES: Record<Way, string> = {
  websocket: 'a WebSocket through the API server',
  spdy: "kubectl's SPDY through the API server",
  exec: 'pods/exec through the API server',
};

const SHORT: Record<Way, string> = { websocket: 'WebSocket', spdy: 'SPDY', exec: 'pods/exec' };

export function nameWay(way: Way): string {
  return NAMES[way];
}

export function nameShort(way: Way): string {
  return SHORT[way];
}

/** `no WebSocket: it opens, and nothing comes` */
export function describeNotTaken({ way, why }: WayNotTaken): string {
  return `no ${SHORT[way]}: ${why}`;
}

/** `pods/exec through the API server, as before; no WebSocket: it opens, and nothing comes` */
export function describeWay({ way, instead, isRemembered }: WayTaken): string {
  return [`${NAMES[way]}${isRemembered ? ', as before' : ''}`, ...instead.map(describeNotTaken)].join('; ');
}
