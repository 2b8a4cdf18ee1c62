/** Which trouble of a way another one mends. */

import { hasCode, WorkspaceError } from '../../../workspace/errors/errors.ts';
import type { Way } from '../../../workspace/ways/ways.ts';
import { ApiRefusal } from '../api/translate.ts';

/**
 * `forbidden`: RBAC or a policy says no. `not-upgraded`: something lets no WebSocket through. `cut`: it does, and cuts
 * it before a byte has come. `silent`: it opens, and nothing comes.
 */
export type Fault = 'forbidden' | 'not-upgraded' | 'cut' | 'silent';

/**
 * Undefined for what is wrong on every way: a pod that is not there, a port at which nothing listens, an API server
 * that restarts.
 */
export function findFault(error: unknown): Fault | undefined {
  if (hasCode(error, 'CONNECTION_LOST')) return 'cut';
  const { cause } = error instanceof WorkspaceError ? error : {};
  if (!(cause instanceof ApiRefusal)) return undefined;
  if (hasCode(error, 'NOT_PERMITTED')) return error.message.startsWith('You may not ') ? 'forbidden' : undefined;
  if (!hasCode(error, 'CONNECTION_FAILED')) return undefined;
  if (cause.status.isForeign === true) return 'not-upgraded';
  // A policy's refusal may have any status.
  if (/\bdenied\b/i.test(cause.message)) return 'forbidden';
  return /upgrade request required|negotiate protocol/i.test(cause.message) ? 'not-upgraded' : undefined;
}

/** What is tried after a WebSocket port-forward, in this order. */
export function listOthers(fault: Fault, error: unknown): Way[] {
  switch (fault) {
    case 'not-upgraded':
    case 'cut':
      return ['spdy'];
    case 'silent':
      return ['exec'];
    case 'forbidden':
      // SPDY is a POST, which needs `create` alone.
      return /cannot get resource/.test((error as WorkspaceError).reason ?? '') ? ['exec', 'spdy'] : ['exec'];
  }
}

/** What our own error says, in one line. */
export function toLine(error: WorkspaceError): string {
  return error.reason?.split('\n')[0] ?? error.message;
}

/** Why a way was none, in words for people. */
export function describeFault(fault: Fault, error: Error | undefined): string {
  const reason = error instanceof WorkspaceError ? error.reason?.split('\n')[0] : undefined;
  switch (fault) {
    case 'forbidden':
      return error?.message ?? 'it is forbidden';
    case 'not-upgraded':
      return `something on the way refuses it${reason === undefined ? '' : ` (${reason})`}`;
    case 'cut':
      return 'it opens, and is cut before a byte has come';
    case 'silent':
      return 'it opens, and nothing comes';
  }
}
