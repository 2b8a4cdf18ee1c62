import { WorkspaceError } from '../../workspace/errors/errors.ts';
import type { Suggestion } from '../../workspace/errors/suggestion.ts';

/** One line of `ws doctor`: a fact, with its evidence, and what would mend it. */
export interface Finding {
  check: string;
  verdict: 'good' | 'warning' | 'bad';
  detail: string;
  suggestion: Suggestion | undefined;
}

export type Judgement = Omit<Finding, 'check'>;

/** A cluster, a program, an agent or a disk that does not answer must not keep the other lines back. */
export const LIMIT_MS = 15_000;

/**
 * Makes one line, whatever becomes of the look: what it throws is what it found, and it has a limit. Throws what only
 * Ctrl-C and bugs throw.
 */
export async function examine(
  check: string,
  look: (signal: AbortSignal) => Promise<Judgement> | Judgement,
  signal: AbortSignal,
  limitMs = LIMIT_MS,
): Promise<Finding> {
  const limit = AbortSignal.timeout(limitMs);
  const late = bad(`no answer within ${limitMs / 1000} s`);
  try {
    return { check, ...(await Promise.race([look(AbortSignal.any([signal, limit])), toResult(limit, late)])) };
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    if (error.code !== 'INTERRUPTED')
      return {
        check,
        ...bad(error.reason === undefined ? error.message : `${error.message}: ${error.reason}`, error.suggestions[0]),
      };
    if (signal.aborted || !limit.aborted) throw error;
    return { check, ...late };
  }
}

/** Not every look hears its signal. */
function toResult<T>(signal: AbortSignal, result: T): Promise<T> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(result), { once: true }));
}

export function good(detail: string): Judgement {
  return { verdict: 'good', detail, suggestion: undefined };
}

export function warning(detail: string, suggestion?: Suggestion): Judgement {
  return { verdict: 'warning', detail, suggestion };
}

export function bad(detail: string, suggestion?: Suggestion): Judgement {
  return { verdict: 'bad', detail, suggestion };
}
