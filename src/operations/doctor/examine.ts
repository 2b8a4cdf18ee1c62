import { WorkspaceError } from '../../workspace/errors/errors.ts';
import { toSystemFailure } from '../../workspace/errors/foreign/system-failure.ts';
import type { Suggestion } from '../../workspace/errors/suggestion.ts';

/** The groups of `ws doctor`, and the checks of each. */
const CHECKS = {
  'This machine': ['user', 'folders', 'locale', 'terminal', 'helm', 'openssh'],
  Cluster: ['kubeconfig', 'credentials', 'authority', 'cluster'],
  Namespace: ['namespace', 'workspaces', 'image'],
  Rights: ['permissions', 'new workspace'],
  Storage: ['storage classes'],
  Quota: ['head-room'],
  Transports: ['pod stream'],
  'Keys and agents': ['ssh agent', 'keys', 'known hosts'],
  'SSH configuration': ['ssh hosts'],
} as const;

export type Group = keyof typeof CHECKS;
export type Check = (typeof CHECKS)[Group][number];

/** One line of `ws doctor`: a fact, with its evidence, and what would mend it. */
export interface Finding {
  group: Group;
  check: Check;
  verdict: 'good' | 'warning' | 'bad';
  detail: string;
  suggestion: Suggestion | undefined;
  /** Of the error that it found, or of that one's cause. */
  code?: string;
  /** To copy as it stands. */
  lines?: string[];
}

export type Judgement = Omit<Finding, 'group' | 'check'>;

/** The group that a check is of. */
export function toGroup(check: Check): Group {
  const groups = Object.keys(CHECKS) as Group[];
  return groups.find((group) => (CHECKS[group] as readonly Check[]).includes(check)) ?? 'This machine';
}

/** A cluster, a program, an agent or a disk that does not answer must not keep the other lines back. */
export const LIMIT_MS = 15_000;

/**
 * Makes one line, whatever becomes of the look: what it throws is what it found, a file that the system refuses
 * included, and it has a limit. Throws what only Ctrl-C and bugs throw.
 */
export async function examine(
  check: Check,
  look: (signal: AbortSignal) => Promise<Judgement> | Judgement,
  signal: AbortSignal,
  limitMs = LIMIT_MS,
): Promise<Finding> {
  const limit = AbortSignal.timeout(limitMs);
  const group = toGroup(check);
  const late = bad(`no answer within ${limitMs / 1000} s`);
  try {
    return { group, check, ...(await Promise.race([look(AbortSignal.any([signal, limit])), toResult(limit, late)])) };
  } catch (thrown) {
    const error = toSystemFailure(thrown as Error);
    if (!(error instanceof WorkspaceError)) throw error;
    if (error.code !== 'INTERRUPTED') {
      // Only a failure needs it.
      const { withCause } = await import('../../workspace/diagnosis/with-cause.ts');
      return {
        ...{ group, check },
        ...bad(error.reason === undefined ? error.message : `${error.message}: ${error.reason}`, error.suggestions[0]),
        code: withCause(error).because?.code ?? error.code,
      };
    }
    if (signal.aborted || !limit.aborted) throw error;
    return { group, check, ...late };
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
