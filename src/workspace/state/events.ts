/**
 * What an operation says while it works: a closed union of facts without a sentence or a colour in it. `report/`
 * decides how each looks; `reduce` gathers them into the state that is drawn.
 */

import { hasCode, WorkspaceError } from '../errors/errors.ts';
import type { Suggestion } from '../errors/suggestion.ts';
import type { Ends } from '../forwards/forward.ts';
import type { Stop } from '../sleep/stop.ts';

/** The steps of all operations; `report/progress/wording.ts` has their titles. */
export type StepId =
  | 'preflight'
  /** A pod of before that has to end first. */
  | 'last-pod'
  | 'find'
  | 'release'
  | 'ready'
  | 'host-key'
  | 'connect'
  | 'prepare'
  | 'forward'
  | 'remove'
  | 'stop'
  | 'home'
  /** A home that this workspace had before its present one. */
  | 'earlier-home'
  | 'host-key-secret'
  | 'keys';

/** What became of a release; `unchanged`: it had all of it, and nothing was written. */
type ReleaseChange = 'installed' | 'upgraded' | 'recovered' | 'unchanged';

/** What a step found out or is waiting for. Times are milliseconds. */
export type Fact =
  | { kind: 'cluster'; context: string; namespace: string; version: string }
  | { kind: 'found'; workspace: string; pod: string | undefined; ready: boolean }
  | { kind: 'absent'; workspace: string }
  | { kind: 'release'; release: string; revision: number; change: ReleaseChange }
  /** The node is asked to change CPU and memory of the pod that runs, and has so long. */
  | { kind: 'resizing'; pod: string; limitMs: number }
  | { kind: 'pod-awaited' }
  | { kind: 'scheduling'; message: string | undefined }
  | { kind: 'attaching'; message: string | undefined }
  | { kind: 'pulling'; image: string | undefined }
  | { kind: 'starting' }
  | { kind: 'probing' }
  | { kind: 'terminating'; pod: string }
  | { kind: 'restarting'; restarts: number; reason: string }
  | { kind: 'trouble'; reason: string; message: string }
  | { kind: 'pod-ready'; pod: string; node: string | undefined }
  | { kind: 'host-key'; fingerprint: string; change: 'pinned' | 'known' | 'replaced' | 'unkept' }
  | { kind: 'connected' }
  | { kind: 'reconnecting'; attempt: number; reason: string }
  | { kind: 'removed'; what: string; name: string }
  | { kind: 'kept'; what: string; name: string }
  /** A home that was not to be kept has gone with its pod. */
  | { kind: 'lost' }
  | { kind: 'keys'; inForce: 'now' | 'soon' | 'at-start' }
  | { kind: 'preparing'; what: 'dotfiles' | 'clone'; url: string };

/** Something the user should know that is not a step's progress. */
export type Notice =
  | { kind: 'home-lost-with-pod' }
  /** Which storage classes there are may not be asked: the home gets the cluster's default one, if it has one. */
  | { kind: 'classes-unknown' }
  /** Whether the home's claim can grow: its storage class may not be read. */
  | { kind: 'growth-unknown'; claim: string; storageClass: string }
  /** The home's claim asks for more than its volume has. */
  | { kind: 'growth-awaited'; claim: string; asked: string; has: string }
  | { kind: 'port-moved'; wanted: number; got: number }
  | { kind: 'settings-set-aside'; path: string; movedTo: string; reason: string }
  /** CPU and memory changed in the pod that runs. */
  | { kind: 'resized' }
  /** The change is written, and the Deployment could not be told to go on. */
  | { kind: 'still-held'; workspace: string }
  | { kind: 'key-generated'; path: string; fingerprint: string }
  /** One cause. `code` is its code, `evidence` what it is known by. */
  | {
      kind: 'trouble';
      code: string;
      reason: string;
      message: string;
      evidence: readonly string[];
      suggestion: Suggestion | undefined;
    }
  /** A cause that was told is gone. */
  | { kind: 'trouble-passed'; code: string; reason: string; message: string }
  /** A login wakes a workspace that sleeps. */
  | { kind: 'waking'; workspace: string; stop: Stop }
  /** The pod serves, and no stream to it opens: its node may be restarting something. It is tried for `forMs`. */
  | { kind: 'way-closed'; pod: string; reason: string; forMs: number }
  | { kind: 'connection-lost'; reason: string }
  | { kind: 'connection-restored'; afterMs: number }
  | ({ kind: 'forward-opened' } & Ends)
  | ({ kind: 'forward-closed'; reason: string } & Ends)
  | ({ kind: 'forward-failed'; reason: string } & Ends)
  | { kind: 'text'; text: string; suggestion?: Suggestion };

export type ProgressEvent =
  /** `workspace` is undefined until the cluster says which one is there. */
  | { type: 'planned'; workspace: string | undefined; steps: StepId[] }
  | { type: 'started'; step: StepId }
  | { type: 'advanced'; step: StepId; fact: Fact }
  | { type: 'finished'; step: StepId; fact?: Fact }
  | { type: 'noticed'; level: 'info' | 'warning'; notice: Notice };

/** An operation: it yields events on its way and returns its result. A failure is a throw. */
export type Operation<Result> = AsyncGenerator<ProgressEvent, Result, void>;

/** Runs an operation to its end and passes its events to `tell`. */
export async function runToEnd<Result>(
  operation: Operation<Result>,
  tell: (event: ProgressEvent) => void = () => undefined,
): Promise<Result> {
  let next = await operation.next();
  for (; next.done !== true; next = await operation.next()) tell(next.value);
  return next.value;
}

/** `stopped`: somebody ended it, by Ctrl-C or by a No. That is no failure. */
export type StepStatus = 'waiting' | 'running' | 'done' | 'failed' | 'stopped';

export interface StepState {
  id: StepId;
  status: StepStatus;
  /** The newest fact of this step. */
  fact: Fact | undefined;
  startedAtMs: number | undefined;
  endedAtMs: number | undefined;
}

/** What is drawn while an operation runs. */
export interface ProgressState {
  steps: StepState[];
  notices: { level: 'info' | 'warning'; notice: Notice }[];
}

export const EMPTY_PROGRESS: ProgressState = { steps: [], notices: [] };

/** The state after an event. `nowMs` is passed in so that the function stays pure. */
export function reduce(state: ProgressState, event: ProgressEvent, nowMs: number): ProgressState {
  switch (event.type) {
    case 'planned':
      return { ...state, steps: event.steps.map(toWaitingStep) };
    case 'started':
      // A step that runs again (a lost connection) begins again: its old end would give it a negative duration.
      return changeStep(state, event.step, {
        status: 'running',
        fact: undefined,
        startedAtMs: nowMs,
        endedAtMs: undefined,
      });
    case 'advanced':
      return changeStep(state, event.step, { fact: event.fact });
    case 'finished': {
      const change: Partial<StepState> = { status: 'done', endedAtMs: nowMs };
      return changeStep(state, event.step, event.fact === undefined ? change : { ...change, fact: event.fact });
    }
    case 'noticed': {
      const { level, notice } = event;
      // The line of a trouble that is gone goes with it.
      if (notice.kind === 'trouble-passed')
        return { ...state, notices: state.notices.filter((told) => !isOf(told.notice, notice.code)) };
      const isRestored = notice.kind === 'connection-restored';
      const left = isRestored ? state.notices.filter((told) => told.notice.kind !== 'trouble') : state.notices;
      return { ...state, notices: [...left, { level, notice }] };
    }
  }
}

/**
 * The state after the operation threw: whatever ran, failed, or somebody stopped it. The trouble that the error tells
 * is told by it alone.
 */
export function reduceFailure(state: ProgressState, error: unknown, nowMs: number): ProgressState {
  const cause = error instanceof WorkspaceError ? error.because?.code : undefined;
  const told = cause ?? (error instanceof WorkspaceError ? error.code : undefined);
  const leave = (fact: Fact | undefined) =>
    cause !== undefined && fact !== undefined && 'message' in fact ? undefined : fact;
  const end = (step: StepState): StepState =>
    hasCode(error, 'INTERRUPTED')
      ? { ...step, status: 'stopped', fact: undefined, endedAtMs: nowMs }
      : { ...step, status: 'failed', fact: leave(step.fact), endedAtMs: nowMs };
  const steps = state.steps.map((step) => (step.status === 'running' ? end(step) : step));
  const notices = state.notices.filter(({ notice }) => !isOf(notice, told));
  return { ...state, steps, notices };
}

function isOf(notice: Notice, cause: string | undefined): boolean {
  return notice.kind === 'trouble' && notice.code === cause;
}

function toWaitingStep(id: StepId): StepState {
  return { id, status: 'waiting', fact: undefined, startedAtMs: undefined, endedAtMs: undefined };
}

/** A step that was not planned (a recovery, say) is appended, so that nothing happens unseen. */
function changeStep(state: ProgressState, id: StepId, change: Partial<StepState>): ProgressState {
  const known = state.steps.some((step) => step.id === id);
  const steps = known ? state.steps : [...state.steps, toWaitingStep(id)];
  return { ...state, steps: steps.map((step) => (step.id === id ? { ...step, ...change } : step)) };
}
