/** The supervisor's life as a table: what may follow what, and nothing else. */

export type Lifecycle = 'booting' | 'ready' | 'draining' | 'stopped';
export type LifecycleEvent = 'booted' | 'asked-to-stop' | 'drained';

const TABLE: Record<Lifecycle, Partial<Record<LifecycleEvent, Lifecycle>>> = {
  booting: { booted: 'ready', 'asked-to-stop': 'stopped' },
  ready: { 'asked-to-stop': 'draining' },
  draining: { drained: 'stopped' },
  stopped: {},
};

/** The state after an event; an event that means nothing in a state leaves it as it is (a second SIGTERM, say). */
export function advance(state: Lifecycle, event: LifecycleEvent): Lifecycle {
  return TABLE[state][event] ?? state;
}
