import { describe, expect, it } from 'vitest';
import { advance, type Lifecycle, type LifecycleEvent } from '../../../src/supervisor/lifecycle.ts';

const CHANGES: [Lifecycle, LifecycleEvent, Lifecycle][] = [
  ['booting', 'booted', 'ready'],
  ['booting', 'asked-to-stop', 'stopped'],
  ['ready', 'asked-to-stop', 'draining'],
  ['draining', 'drained', 'stopped'],
];
const STATES: Lifecycle[] = ['booting', 'ready', 'draining', 'stopped'];
const EVENTS: LifecycleEvent[] = ['booted', 'asked-to-stop', 'drained'];
const others = STATES.flatMap((state) => EVENTS.map((event) => [state, event] as const)).filter(
  ([state, event]) => !CHANGES.some(([from, by]) => from === state && by === event),
);

describe('advance', () => {
  it.each(CHANGES)('%s, %s: %s', (state, event, next) => {
    expect(advance(state, event)).toBe(next);
  });

  it.each(others)('%s stays when it hears %s', (state, event) => {
    expect(advance(state, event)).toBe(state);
  });
});
