/** The API server's dialect and the network's, translated into `WorkspaceError` here and nowhere else. */

import {
  failure,
  interrupted,
  type WorkspaceError,
  WorkspaceError as WorkspaceErrorClass,
} from '../../../workspace/errors/errors.ts';
import { describeRefusedRight, type RefusedRight } from '../../../workspace/errors/foreign/refused-right.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { advice, again, kubectl, ws } from '../../../workspace/errors/suggestion.ts';
import type { Expired } from '../credentials/expiry.ts';

/** The `Status` document with which the API server refuses; or what somebody on the way to it says instead. */
export interface ApiStatus {
  /** It is no JSON, so it is not the API server's: a page, a plain text, nothing at all. */
  isForeign?: boolean;
  code?: number;
  message?: string;
  reason?: string;
  details?: { name?: string; kind?: string; group?: string; retryAfterSeconds?: number };
}

/** The request, which names the permission when it is refused. */
export type ApiAction = RefusedRight;

/** The cause of every error made from an answer of the API server. */
export class ApiRefusal extends Error {
  readonly statusCode: number;
  readonly status: ApiStatus;
  /** What this machine knows of the reason: `TOKEN_EXPIRED`. */
  readonly code: string | undefined;

  constructor(statusCode: number, status: ApiStatus, code?: string) {
    super(isPage(status) ? `HTTP status ${statusCode}` : (status.message ?? ''));
    this.code = code;
    this.statusCode = statusCode;
    this.status = status;
  }
}

/** Whether nothing was said in words: a page is for a browser. */
function isPage({ message }: ApiStatus): boolean {
  return message === undefined || /^\s*</.test(message);
}

/** The HTTP status of the answer that an error came from; undefined for any other error. */
export function findStatusCode(error: unknown): number | undefined {
  return error instanceof WorkspaceErrorClass && error.cause instanceof ApiRefusal ? error.cause.statusCode : undefined;
}

/** A refusal in words for a person. A refusal without a code of ours is a bug and stays an `ApiRefusal`. */
export function toApiError(refusal: ApiRefusal, action: ApiAction, server: URL): Error {
  const said = refusal.message;
  switch (refusal.statusCode) {
    case 401:
      return failure('CREDENTIALS_REJECTED', {
        message: `The API server ${server.host} does not accept the kubeconfig's credentials`,
        reason: said,
        suggestions: [kubectl`auth whoami`, advice('Log in to the cluster again, as your provider describes')],
        cause: refusal,
      });
    case 403:
      return refusal.status.isForeign === true ? toForeign(refusal, server) : toForbidden(refusal, action, said);
    case 404:
      return toNotFound(refusal, action, said);
    case 409:
      return failure('WORKSPACE_BUSY', {
        message: 'Somebody else changed the workspace at the same time',
        reason: said,
        suggestions: [again(ws`ls`)],
        cause: refusal,
      });
    case 410:
      return failure('CONNECTION_LOST', { message: 'The watch fell behind', reason: said, cause: refusal });
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return failure('CLUSTER_UNREACHABLE', {
        message: `The API server ${server.host} cannot answer now`,
        // It may be a gateway on the way that says so, in no words that anybody knows.
        reason: said.includes(String(refusal.statusCode)) ? said : `${said} (HTTP status ${refusal.statusCode})`,
        suggestions: [kubectl`get --raw /readyz?verbose`, again(ws`ls`)],
        cause: refusal,
      });
    default:
      return refusal;
  }
}

/** A 401 with the reason that this machine can see, and the API server does not tell. */
export function withExpiry(refused: WorkspaceError, expired: Expired | undefined): WorkspaceError {
  if (expired === undefined) return refused;
  const { code, message, reason = '', suggestions, cause } = refused;
  const { statusCode, status } = cause as ApiRefusal;
  return failure(code, {
    message,
    reason: `${reason}: ${expired.words}`,
    suggestions: [...suggestions],
    cause: new ApiRefusal(statusCode, status, expired.code),
  });
}

/** A right that is missing is the API server's to tell. */
function toForeign(refusal: ApiRefusal, server: URL): WorkspaceError {
  return failure('CLUSTER_UNREACHABLE', {
    message: `Something on the way to the API server ${server.host} refuses the request`,
    reason: tellForeign(refusal),
    suggestions: [kubectl`cluster-info`, again(ws`ls`)],
    cause: refusal,
  });
}

/** `HTTP status 403: RBAC: access denied` */
export function tellForeign({ statusCode, message }: ApiRefusal): string {
  return message.startsWith('HTTP status') ? message : `HTTP status ${statusCode}: ${message}`;
}

function toForbidden(refusal: ApiRefusal, action: ApiAction, said: string): WorkspaceError {
  // A namespace that ends or is full refuses with 403 too. The words tell them apart.
  if (/exceeded quota|is being terminated|violates PodSecurity/.test(said)) {
    return failure('NOT_PERMITTED', { message: 'The cluster refuses the change', reason: said, cause: refusal });
  }
  return failure('NOT_PERMITTED', { ...describeRefusedRight(action), reason: said, cause: refusal });
}

function toNotFound(refusal: ApiRefusal, action: ApiAction, said: string): WorkspaceError {
  if (refusal.status.details?.kind === 'namespaces') {
    const name = refusal.status.details.name ?? action.namespace ?? '';
    return failure('NAMESPACE_MISSING', {
      message: `There is no namespace ${name}`,
      reason: said,
      suggestions: [{ ...ws`up --create-namespace`, place: { namespace: name } }, kubectl`get namespaces`],
      cause: refusal,
    });
  }
  return failure('WORKSPACE_MISSING', {
    message: 'A part of the workspace is not there',
    reason: said,
    suggestions: [ws`ls`],
    cause: refusal,
  });
}

/** Of a certificate that is over or not valid yet. */
export interface CertificateDates {
  fromMs: number;
  toMs: number;
}

/** A connection error for a person: `INTERRUPTED` when the signal fired, `CLUSTER_UNREACHABLE` otherwise. */
export function toConnectionError(
  cause: unknown,
  server: URL,
  signal: AbortSignal | undefined,
  dates?: CertificateDates,
): WorkspaceError {
  if (cause instanceof WorkspaceErrorClass) return cause;
  if (signal?.aborted === true) return interrupted();
  const { code } = cause as NodeJS.ErrnoException;
  const reason = toReason(cause, 'address');
  return failure('CLUSTER_UNREACHABLE', {
    message: `The API server ${server.host} cannot be reached`,
    // People look for the code.
    reason: `${code === undefined || reason.includes(code) ? reason : `${reason} (${code})`}${describeDates(dates)}`,
    suggestions: [kubectl`cluster-info`, ws`doctor`],
    cause,
  });
}

function describeDates(dates: CertificateDates | undefined): string {
  if (dates === undefined) return '';
  const [from, to, now] = [dates.fromMs, dates.toMs, Date.now()].map(
    (timeMs) => `${new Date(timeMs).toISOString().slice(0, 19)}Z`,
  );
  return `\nIt is valid from ${from} to ${to}; this machine's clock says ${now}`;
}

/** The runtime's words for a broken port-forward. They name its internals; the reason stands at their end. */
export function toStreamReason(text: string, port: number): string {
  if (/connection refused/i.test(text)) return `nothing listens on port ${port} in the pod`;
  if (/network namespace .* (is closed|not found)|container not running|no such file or directory/.test(text)) {
    return 'the pod is not running any more';
  }
  return text;
}

/** The answer, or undefined where the user may not have it. */
export async function unlessForbidden<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (findStatusCode(error) === 403) return undefined;
    throw error;
  }
}
