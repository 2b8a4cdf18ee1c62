/** How a workspace was stopped: what its Deployment says of itself in an annotation. */
import { isPrintable } from '../errors/printable.ts';
import { parseTime } from '../state/cluster-words.ts';
import { formatLocalTime } from './local-time.ts';

export interface Stop {
  /** What starts it again: `ws up` alone, or any login by a person. */
  until: 'up' | 'login';
  /** ISO 8601, by the clock of who stopped it. */
  since: string | undefined;
  /** As whom the API server knows who stopped it; undefined where it does not say. */
  by: string | undefined;
}

/** More than any name of a user that a person would read. */
const LONGEST_NAME = 256;

/** `generation` is that of the Deployment once it has this. */
export function formatStop({ until, since, by }: Stop, generation: number): string {
  return JSON.stringify({ until, since, by, generation });
}

/**
 * Undefined for what is no such text, and for one of an earlier stop: a scale by other hands in between has made
 * another generation, and whoever did that wrote nothing down. So nothing that a person stopped wakes by a mistake.
 */
export function parseStop(text: string | undefined, generation: number | undefined): Stop | undefined {
  const { until, since, by, generation: of } = readObject(text);
  if ((until !== 'up' && until !== 'login') || of === undefined || of !== generation) return undefined;
  const isName = typeof by === 'string' && by !== '' && by.length <= LONGEST_NAME && isPrintable(by);
  return { until, since: parseTime(since), by: isName ? by : undefined };
}

function readObject(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `is asleep`, or `has been asleep since 2026-11-29 14:02, by anna`: a state that goes on has its own tense. */
export function describeStopped(state: 'stopped' | 'asleep', stop: Stop | undefined): string {
  return `${stop?.since === undefined ? 'is' : 'has been'} ${state}${describeStop(stop)}`;
}

/** What follows a state: ` since 2026-11-29 14:02, by anna`, as far as it is known; '' if nothing is. */
export function describeStop(stop: Stop | undefined): string {
  const since = stop?.since === undefined ? '' : ` since ${formatLocalTime(Date.parse(stop.since))}`;
  return stop?.by === undefined ? since : `${since}, by ${stop.by}`;
}
