/** A cause that an error shows: an adapter has made its tool's words one of ours, and this tells which one it is. */
import type { ErrorCode, WorkspaceError } from '../../../errors/errors.ts';
import type { Suggestion } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';

export interface Failed extends Omit<Cause, 'find' | 'waiting' | 'group'> {
  group: Cause['group'];
  of: ErrorCode[];
  isOf(error: WorkspaceError): boolean;
  /** What to do first; the error's own suggestions come after it. */
  suggest?(error: WorkspaceError): Suggestion[];
}

export function toFailedCause({ of, isOf, suggest, ...cause }: Failed): Cause {
  return {
    ...cause,
    waiting: 'useless',
    find: ({ failure }) => {
      if (failure === undefined || !of.includes(failure.code) || !isOf(failure)) return [];
      return [
        {
          // It says all of it by itself.
          reason: failure.code,
          message: failure.message,
          evidence: failure.reason === undefined ? [] : [failure.reason],
          suggestions: [...(suggest?.(failure) ?? []), ...failure.suggestions],
          unseen: [],
        },
      ];
    },
  };
}

/** The system's or OpenSSL's own code of what lies below an error: ENOTFOUND. */
export function findSystemCode({ cause }: WorkspaceError): string | undefined {
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
