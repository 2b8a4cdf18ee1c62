import { hasCode, withOutcome } from './errors.ts';
import type { Suggestion } from './suggestion.ts';

/** What is so in the cluster and on this machine when the work ends before its end. */
export interface Unfinished {
  outcome: string;
  suggestions?: Suggestion[];
}

/**
 * Does the work. An interruption says what is true then, unless it says so already: whoever is nearer knows better.
 */
export async function tellIfInterrupted<Result>(
  told: string | (() => string | Unfinished),
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toToldInterruption(error, told);
  }
}

/** The same of an operation. */
export async function* tellIfStopped<Event, Result>(
  told: string | (() => string | Unfinished),
  operation: AsyncGenerator<Event, Result, void>,
): AsyncGenerator<Event, Result, void> {
  try {
    return yield* operation;
  } catch (error) {
    throw toToldInterruption(error, told);
  }
}

/** The error; an interruption that says nothing yet says this. */
export function toToldInterruption(error: unknown, told: string | (() => string | Unfinished)): unknown {
  if (!hasCode(error, 'INTERRUPTED') || error.reason !== undefined) return error;
  const said = typeof told === 'string' ? told : told();
  const { outcome, suggestions = [] } = typeof said === 'string' ? { outcome: said } : said;
  return withOutcome(error, outcome, suggestions);
}
