/**
 * The one error type that people see, and one constructor function per code. An error has three parts: what happened
 * (`message`), why (`reason`) and what to do next (`suggestions`).
 * Adapters translate their tool's dialect into these, once. Anything else that is thrown is a bug and is shown as one.
 */

import { type Command, type Suggestion, ws } from './suggestion.ts';

/** What kind of trouble it is; `cli/command/exit-codes.ts` gives each kind its exit code. */
export type ErrorKind = 'usage' | 'environment' | 'refused' | 'workspace' | 'unreachable' | 'interrupted';

const KINDS = {
  ANSWER_MISSING: 'usage',
  BAD_WORKSPACE_NAME: 'usage',
  BAD_USERNAME: 'usage',
  BAD_ID: 'usage',
  BAD_SIZE: 'usage',
  BAD_MAPPING: 'usage',
  BAD_PUBLIC_KEY: 'usage',
  BAD_VALUE: 'usage',
  CONFLICTING_FLAGS: 'usage',
  HOME_CHOICE_MISSING: 'usage',
  WORKSPACE_AMBIGUOUS: 'usage',
  HELM_MISSING: 'environment',
  HELM_TOO_OLD: 'environment',
  HELM_FAILED: 'environment',
  KUBECONFIG_MISSING: 'environment',
  KUBECONFIG_INVALID: 'environment',
  CONTEXT_UNKNOWN: 'environment',
  CREDENTIALS_REJECTED: 'environment',
  AGENT_SILENT: 'environment',
  KEY_NOT_FOUND: 'environment',
  KEY_UNREADABLE: 'environment',
  PASSPHRASE_WRONG: 'environment',
  PASSPHRASE_UNASKABLE: 'environment',
  LOCAL_PORT_TAKEN: 'environment',
  LOCAL_FILE_FAILED: 'environment',
  SETTINGS_INVALID: 'environment',
  NOT_PERMITTED: 'refused',
  NAMESPACE_MISSING: 'refused',
  STORAGE_CLASS_UNKNOWN: 'refused',
  HOME_CONFLICT: 'refused',
  HOST_KEY_CHANGED: 'refused',
  HOST_KEY_UNVERIFIED: 'refused',
  KEY_NOT_AUTHORIZED: 'refused',
  RELEASE_FOREIGN: 'refused',
  CHART_REFUSED: 'refused',
  TMUX_SESSION_EXISTS: 'refused',
  JOB_MISSING: 'workspace',
  JOB_LOST: 'workspace',
  WORKSPACE_MISSING: 'workspace',
  WORKSPACE_STOPPED: 'workspace',
  WORKSPACE_DAMAGED: 'workspace',
  WORKSPACE_BUSY: 'workspace',
  WORKSPACE_FAILED: 'workspace',
  WORKSPACE_NOT_READY: 'workspace',
  HOST_KEY_MISSING: 'workspace',
  FORWARD_FAILED: 'workspace',
  HOME_IN_USE: 'workspace',
  CLUSTER_UNREACHABLE: 'unreachable',
  CONNECTION_FAILED: 'unreachable',
  CONNECTION_LOST: 'unreachable',
  INTERRUPTED: 'interrupted',
} as const satisfies Record<string, ErrorKind>;

/** Every code there is. `docs/troubleshooting.md` has a heading for each. */
export type ErrorCode = keyof typeof KINDS;

/** All codes, for the documentation's own test. */
export const ERROR_CODES = Object.keys(KINDS) as ErrorCode[];

export interface ErrorParts {
  /** What happened, one sentence without a full stop. */
  message: string;
  /** Why, as far as we know: the tool's own words where they help. An empty one counts as absent. */
  reason?: string;
  /** What to do next, most likely first. */
  suggestions?: Suggestion[];
  /** Of `WORKSPACE_AMBIGUOUS`: those that can be meant. A person may be asked which. */
  candidates?: Candidate[];
  cause?: unknown;
  /** What the diagnosis makes of it. */
  because?: Because | undefined;
  /** The next try would end in the same: it is no restart that may be over in a moment. */
  isLasting?: boolean;
}

/** A cause of `workspace/diagnosis/` that explains an error. */
export interface Because {
  /** The cause's code. */
  code: string;
  evidence: readonly string[];
  suggestions: readonly Suggestion[];
  /** Codes of the other causes that were found, the nearest first. */
  also?: readonly string[];
}

/** A workspace to choose, and how it is. */
export interface Candidate {
  name: string;
  state: string;
}

export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly reason: string | undefined;
  readonly suggestions: readonly Suggestion[];
  readonly candidates: readonly Candidate[];
  readonly because: Because | undefined;
  readonly isLasting: boolean;

  constructor(code: ErrorCode, parts: ErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.kind = KINDS[code];
    this.reason = parts.reason?.trim() === '' ? undefined : parts.reason;
    this.suggestions = parts.suggestions ?? [];
    this.candidates = parts.candidates ?? [];
    this.because = parts.because;
    this.isLasting = parts.isLasting ?? false;
  }

  /** What says more about this code. */
  get more(): Command {
    return { ...ws`help ${this.code}`, again: { verb: 'other' } };
  }
}

/** A `WorkspaceError` of one code. The specific constructors in this folder are built on it. */
export function failure(code: ErrorCode, parts: ErrorParts): WorkspaceError {
  return new WorkspaceError(code, parts);
}

/** True for an error of this code; nothing else in the program may look at an error's text. */
export function hasCode(error: unknown, ...codes: ErrorCode[]): error is WorkspaceError {
  return error instanceof WorkspaceError && codes.includes(error.code);
}

/** The user pressed Ctrl-C, or the process was asked to end. */
export function interrupted(): WorkspaceError {
  return failure('INTERRUPTED', { message: 'Interrupted' });
}

/** The same error with these parts in the place of its own. */
export function amended(error: WorkspaceError, parts: Partial<Omit<ErrorParts, 'message'>>): WorkspaceError {
  const { code, message, reason, suggestions, candidates, cause, because, isLasting } = error;
  const own = { message, suggestions: [...suggestions], candidates: [...candidates], cause, because, isLasting };
  return failure(code, { ...own, ...(reason === undefined ? {} : { reason }), ...parts });
}

/** The same error with the workspace's state now: nothing was changed, it was put back, or what is left to do. */
export function withOutcome(error: WorkspaceError, outcome: string, suggestions: Suggestion[] = []): WorkspaceError {
  const { reason = '' } = error;
  return amended(error, {
    // Evidence is a line each, and so is what came of it.
    reason: reason === '' ? outcome : `${reason}${reason.includes('\n') ? '\n' : '. '}${outcome}`,
    suggestions: [...error.suggestions, ...suggestions],
  });
}
